import { expect, test } from '../src/story'

test('a visitor and an agent talk, and each sees what the other does', async ({ world }) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const { widget, page } = await world.visitor()

  await test.step('the visitor says who they are, and writes', async () => {
    await widget.open()
    await expect(widget.panel).toContainText('We are online')
    await widget.introduce('Grace Hopper')
    await widget.say('Is the reading lamp in stock?')
    await expect(widget.mark).toContainText('Sent')
  })

  await test.step('routing gives it to Anna, and her reading shows', async () => {
    await expect(anna.row('Grace Hopper')).toContainText('Is the reading lamp in stock?')
    await widget.say('And is it warm?')
    await expect(widget.mark).toContainText('Delivered')
    await anna.open('Grace Hopper')
    await expect(anna.entry('And is it warm?')).toBeVisible()
    await expect(widget.mark).toContainText('Read')
  })

  await test.step('typing shows on both sides', async () => {
    await anna.composer.pressSequentially('It is')
    await expect(widget.panel.getByRole('status').filter({ hasText: 'Anna is typing' })).toHaveCount(1)
    await widget.composer.pressSequentially('Gr')
    await expect(anna.page.getByText('Grace Hopper is typing')).toBeVisible()
  })

  await test.step('Anna answers by name, and sees that it is read', async () => {
    await anna.say('It is, and ships today.')
    await expect(widget.bubble('It is, and ships today.')).toBeVisible()
    await expect(widget.panel.getByRole('heading', { name: 'Anna' })).toBeVisible()
    await expect(widget.log.locator('.row').filter({ hasText: 'ships today' }).locator('.name')).toHaveText(
      'Anna',
    )
    await expect(anna.entry('ships today')).toContainText('Read')
  })

  await test.step('with the window closed, messages are delivered and counted', async () => {
    await widget.composer.fill('')
    await widget.close()
    await anna.say('Shall I keep one for you?')
    await expect(anna.entry('keep one for you')).toContainText('Delivered')
    await anna.say('Until Friday?')
    await expect(page.getByRole('button', { name: 'Open chat, 2 unread messages' })).toBeVisible()
  })

  await test.step('all of it is there again after a reload', async () => {
    await page.reload()
    await expect(page.getByRole('button', { name: 'Open chat, 2 unread messages' })).toBeVisible()
    await widget.open()
    await expect(widget.bubble('Until Friday?')).toBeVisible()
    expect(await widget.texts()).toEqual([
      'Is the reading lamp in stock?',
      'And is it warm?',
      'It is, and ships today.',
      'Shall I keep one for you?',
      'Until Friday?',
    ])
    await expect(anna.entry('Until Friday?')).toContainText('Read')
    await widget.close()
    await expect(page.getByRole('button', { name: 'Open chat', exact: true })).toBeVisible()
  })
})

test('what is said while nobody is there is marked sent, and delivered when somebody comes', async ({
  world,
}) => {
  const { widget } = await world.visitor()
  await widget.open()
  await widget.leave('grace@example.com', 'Call me back, please.')
  await expect(widget.mark).toContainText('Sent')
  const anna = await world.agent('anna')
  await anna.list('Unassigned')
  await anna.open('Call me back')
  await anna.accept()
  await expect(widget.mark).toContainText('Read')
})
