import { expect, test } from '../src/story'

test('an agent looks an order up, sends its card, and the visitor presses its button', async ({ world }) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const shop = await world.visitor()
  await shop.signInAs('Ada Byron')
  const { widget } = shop
  await widget.open()
  await widget.say('Where is my order?')
  await anna.open('Ada Byron')

  await test.step('/order asks the shop, and only Anna sees the answer', async () => {
    await anna.composer.pressSequentially('/order A1001')
    await expect(anna.page.getByRole('listbox').getByRole('option').first()).toContainText(/order/i)
    await anna.composer.press('Enter')
    const send = anna.page.getByRole('button', { name: 'Send to the visitor' })
    await expect(anna.page.getByText('Order A1001')).toBeVisible()
    await expect(widget.panel).not.toContainText('Order A1001')
    await send.click()
  })

  const card = widget.log
    .getByRole('region', { name: 'Order A1001' })
    .or(widget.log.locator('section').filter({ hasText: 'Order A1001' }))
  await test.step('the visitor sees the card, and presses', async () => {
    await expect(card).toContainText('129.90 EUR')
    await expect(card).toContainText('Reading lamp')
    await card.getByRole('button', { name: 'Where is it?' }).click()
    await expect(card.getByRole('button', { name: /Where is it\?/ })).toHaveAttribute('aria-pressed', 'true')
  })

  await expect(anna.entry(/pressed “Where is it\?”/)).toBeVisible()
})

test('an agent makes a card by hand', async ({ world }) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const { widget } = await world.visitor()
  await widget.open()
  await widget.introduce('Grace Hopper')
  await widget.say('When can I come?')
  await anna.open('Grace Hopper')

  await anna.page.getByRole('button', { name: 'Make a card' }).click()
  const maker = anna.page.getByRole('dialog', { name: 'Make a card' })
  await maker.getByRole('textbox', { name: 'Title' }).fill('Choose a time')
  await maker.getByRole('group', { name: 'Buttons' }).getByRole('button', { name: 'Add' }).click()
  await maker.getByRole('textbox', { name: 'Words on it' }).fill('Monday')
  await maker.getByRole('textbox', { name: 'Address to open' }).fill('monday')
  await maker.getByRole('group', { name: 'Buttons' }).getByRole('button', { name: 'Add' }).click()
  await maker.getByRole('textbox', { name: 'Words on it' }).last().fill('Our hours')
  await maker.getByRole('textbox', { name: 'Address to open' }).last().fill('https://shop.example/hours')
  await maker.getByRole('button', { name: 'Send', exact: true }).click()

  const link = widget.log.getByRole('link', { name: 'Our hours' })
  await expect(link).toHaveAttribute('href', 'https://shop.example/hours')
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer nofollow')
  await widget.log.getByRole('button', { name: 'Monday' }).click()
  await expect(anna.entry(/pressed “Monday”/)).toBeVisible()
})
