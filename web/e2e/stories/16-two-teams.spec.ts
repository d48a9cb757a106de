import { expect, test } from '../src/story'

test('a conversation goes to an agent of another team: by an offer, and by being assigned', async ({
  world,
}) => {
  const api = await world.staff('anna')
  const team = await api.call('POST', '/v1/teams', { name: 'Warehouse' })
  // Ben's lists are told to him for his own team only, and what follows is never in it.
  await api.call('PATCH', '/v1/agents/agt_ben', { teams: [team.id] })
  const anna = await world.agent('anna')
  await anna.be('Online')
  const ben = await world.agent('ben')
  await ben.be('Online')
  const { widget } = await world.visitor()
  await widget.open()
  await widget.introduce('Grace Hopper')
  await widget.say('Where is my parcel?')
  await anna.open('Grace Hopper')

  await test.step('Ben sees the offer, also in a page that was loaded since', async () => {
    await anna.transfer('Ben', 'It must be on your shelf.')
    await expect(ben.offers).toContainText('Anna transfers Grace Hopper to you')
    await ben.page.reload()
    await expect(ben.offers).toContainText('It must be on your shelf.')
  })

  await test.step('he accepts, and has it among his', async () => {
    await ben.offers.getByRole('button', { name: 'Accept' }).click()
    await expect(ben.composer).toBeVisible()
    await ben.list('Mine')
    await expect(ben.row('Grace Hopper')).toBeVisible()
    await ben.open('Grace Hopper')
    await ben.say('It leaves today.')
    await expect(widget.bubble('It leaves today.')).toBeVisible()
  })

  await test.step('what is assigned to him is there at once', async () => {
    const row = (await api.list('/v1/conversations?assignee=agt_ben'))[0]
    const conversation = String(row?.conversation)
    await api.act(conversation, { action: 'assign', agent: 'agt_anna' })
    await ben.list('Mine')
    await expect(ben.row('Grace Hopper')).toBeHidden()
    await api.act(conversation, { action: 'assign', agent: 'agt_ben' })
    await expect(ben.row('Grace Hopper')).toBeVisible()
  })
})
