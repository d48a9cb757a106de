import { expect, test } from '../src/story'
import { Model } from '../src/world/model'

test('the form before the chat asks again for what is missing, and tells the agent who it is', async ({
  world,
}) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const { widget } = await world.visitor()
  await widget.open()
  const { panel } = widget
  const name = panel.getByLabel('Your name')
  await expect(name).toBeFocused()
  await panel.getByLabel('Your e-mail').fill('grace at example')
  await panel.getByRole('button', { name: 'Start the chat' }).click()
  await expect(name).toHaveAccessibleDescription('Please fill this in.')
  await name.fill('Grace Hopper')
  await panel.getByRole('button', { name: 'Start the chat' }).click()
  await expect(panel.getByLabel('Your e-mail')).toHaveAccessibleDescription(/does not look like an e-mail/)
  await panel.getByLabel('Your e-mail').fill('grace@example.com')
  await panel.getByRole('button', { name: 'Start the chat' }).click()
  await widget.say('Now you know me.')
  await anna.open('Grace Hopper')
  await expect(anna.page.getByRole('main')).toContainText('grace@example.com')
  // She said so herself: that finds nobody's data until Anna knows better.
  const confirm = anna.page.getByRole('main').getByRole('button', { name: 'Confirm', exact: true })
  await confirm.click()
  await expect(confirm).toHaveCount(0)
  await expect(anna.page.getByRole('main')).toContainText('grace@example.com')
})

test('whom the shop vouches for is not asked', async ({ world }) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const shop = await world.visitor()
  await shop.signInAs('韩梅梅')
  await shop.widget.open()
  await expect(shop.widget.composer).toBeFocused()
  await shop.widget.say('围巾什么时候到？')
  await anna.open('韩梅梅')
  await expect(anna.page.getByRole('main')).toContainText('han.meimei@example.com')
  await expect(anna.page.getByRole('main')).toContainText('Signed in')
})

test('while nobody is there a message can be left, and the agent finds it', async ({ world }) => {
  const { widget } = await world.visitor()
  await widget.open()
  await expect(widget.panel).toContainText('Nobody is here right now. Leave us your e-mail address')
  await widget.leave('grace@example.com', 'When do you open?')
  await expect(widget.notice('We have your message')).toBeVisible()
  const anna = await world.agent('anna')
  await anna.list('Unassigned')
  await anna.open('When do you open?')
  await expect(anna.page.getByRole('main')).toContainText('grace@example.com')
})

test('the AI agent answers from an article, and the visitor says whether that helped', async ({ world }) => {
  const api = await world.staff()
  await api.call('POST', '/v1/articles', {
    title: 'Returns',
    body: 'You can send anything back within 30 days. We pay the parcel.',
    questions: ['Can I send something back?', 'How do returns work?'],
    url: 'https://shop.example/returns',
    language: 'en',
  })
  await api.call('PATCH', '/v1/inboxes/inb_web', { bot: true })
  const shop = await world.visitor()
  const { widget } = shop
  await widget.open()
  await widget.introduce('Grace Hopper')
  await widget.say('Can I send something back?')
  await expect(widget.bubble('within 30 days')).toBeVisible()
  await widget.log.getByRole('button', { name: 'This answer helped' }).click()
  await expect(widget.log.getByRole('button', { name: 'This answer helped' })).toHaveAttribute(
    'aria-pressed',
    'true',
  )
  const anna = await world.agent('anna')
  await anna.list('All open')
  await anna.open('Grace Hopper')
  await expect(anna.entry('found the answer good')).toBeVisible()
})

test('the words of a language model come as they are written', async ({ world }) => {
  const model = await Model.start(
    'Large parcels travel with our own carrier, and to an island it takes a few days more than usual, because the ' +
      'ferry goes twice a week only. We write to you as soon as the parcel is on its way, ',
    'and the driver calls you before.',
  )
  const api = await world.staff()
  const settings = await api.call('GET', '/v1/ai')
  const { url } = model
  await api.call('PUT', '/v1/ai', {
    ...settings,
    agent: 'model',
    model: { kind: 'openai', url, model: 'story' },
  })
  await api.call('PATCH', '/v1/inboxes/inb_web', { bot: true })
  const { widget } = await world.visitor()
  await widget.open()
  await widget.introduce('Grace Hopper')
  await widget.say('Could you tell me about the delivery of a very large parcel to an island?')
  await expect(widget.bubble('Large parcels travel')).toHaveClass(/caret/)
  await expect(widget.bubble('the driver calls you')).toHaveCount(0)
  model.finish()
  await expect(widget.bubble('the driver calls you before.')).not.toHaveClass(/caret/)
  await expect(widget.bubble('Large parcels travel')).toHaveCount(1)
  await model.end()
})
