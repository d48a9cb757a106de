import { expect, test } from '../src/story'

test('Ben offers a conversation to Anna, who declines first and accepts then', async ({ world }) => {
  const ben = await world.agent('ben')
  await ben.be('Online')
  const { widget } = await world.visitor()
  await widget.open()
  await widget.introduce('Grace Hopper')
  await widget.say('My kettle pours too thickly.')
  await ben.open('Grace Hopper')
  const anna = await world.agent('anna')
  await anna.be('Online')

  await test.step('Anna looks, reads the note and declines', async () => {
    await ben.transfer('Anna', 'You know kettles.')
    await expect(ben.page.getByText('Waiting for Anna to accept.')).toBeVisible()
    await expect(anna.offers).toContainText('Ben transfers Grace Hopper to you')
    await anna.offers.getByRole('button', { name: 'Look' }).click()
    await expect(anna.page.getByText('Ben offers you this conversation.')).toContainText('You know kettles.')
    await anna.action('Decline').click()
    await expect(ben.entry('Anna declined the transfer')).toBeVisible()
    await expect(ben.composer).toBeVisible()
  })

  await test.step('Anna is asked once more, and accepts', async () => {
    await anna.list('Mine')
    await ben.transfer('Anna', 'Please. It is a real one.')
    await anna.offers.getByRole('button', { name: 'Accept' }).click()
    await expect(anna.offers).toBeHidden()
    await anna.say('Hello, Anna here. How thickly?')
    await expect(widget.bubble('Anna here')).toBeVisible()
    await expect(widget.line(/Anna (joined|took over)/)).toBeVisible()
    await expect(widget.panel.getByRole('heading', { name: 'Anna' })).toBeVisible()
    await expect(ben.entry('Anna took the transfer')).toBeVisible()
    await expect(ben.page.getByText('Anna has this conversation. You can leave a note.')).toBeVisible()
  })

  await test.step('what colleagues say among themselves is not for the visitor', async () => {
    await ben.keep('I owe you one.')
    await expect(anna.entry('I owe you one.')).toBeVisible()
    await expect(widget.panel).not.toContainText(/kettles\.|real one|owe you/)
  })

  await test.step('a mention waits in a list, and leads to its conversation', async () => {
    await anna.list('Unassigned')
    await ben.keep('@Anna It was the filter, by the way.')
    await anna.mentions.and(anna.page.getByLabel('1 unread')).click()
    const list = anna.page.getByRole('dialog', { name: 'Mentions' })
    await list.getByRole('link').filter({ hasText: 'It was the filter' }).click()
    await expect(anna.entry('It was the filter')).toBeVisible()
    await expect(anna.mentions).toHaveAccessibleName('Mentions')
  })
})

test('two agents take one visitor at the same moment: one has it, the other is told who', async ({
  world,
}) => {
  // They are away: routing gives them nothing, and they take for themselves.
  const agents = [await world.agent('anna'), await world.agent('ben')]
  for (const agent of agents) await agent.be('Away')
  const { widget } = await world.visitor()
  await widget.open()
  await widget.leave('grace@example.com', 'Who is faster?')
  for (const agent of agents) {
    await agent.list('Unassigned')
    await agent.open('Who is faster?')
    await agent.action('Accept').waitFor()
  }

  // In the pages themselves, so that nothing lies between the two.
  await Promise.all(
    agents.map((agent) => agent.action('Accept').evaluate((button: HTMLElement) => button.click())),
  )

  const [anna, ben] = agents
  if (!anna || !ben) throw new Error('Both are there.')
  const api = await world.staff()
  const assignee = async () => {
    const [row] = await api.list('/v1/conversations?status=active')
    return (row?.state as { assignee?: string } | undefined)?.assignee
  }
  await expect.poll(assignee).toMatch(/^agt_(anna|ben)$/)
  const [winner, loser, name] = (await assignee()) === 'agt_anna' ? [anna, ben, 'Anna'] : [ben, anna, 'Ben']
  // By the refusal; or, where the other was faster than the click, by the entry that took the button away.
  const told = new RegExp(`${name} (has this conversation|took it)`)
  await expect(loser.page.getByText(told).first()).toBeVisible()
  await winner.say('Me, it seems.')
  await expect(widget.bubble('Me, it seems.')).toBeVisible()
  await expect(widget.panel.getByRole('heading', { name })).toBeVisible()
  await expect(loser.row('Who is faster?')).toBeHidden()
})
