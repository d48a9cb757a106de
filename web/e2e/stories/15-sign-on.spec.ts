import { expect, test } from '../src/story'

test('Ben signs in at the company, and is himself at the console', async ({ world, page }) => {
  await world.watch.over(page.context())
  await page.goto(`${world.gateway.url}/console/?account=acc_demo`)
  await page.getByRole('button', { name: 'Continue with The demo shop' }).click()
  await expect(page).toHaveURL(new RegExp(`^${world.gateway.shop}/sign-on/authorize`))
  await page.getByRole('link', { name: 'Ben' }).click()
  await expect(page.getByRole('button', { name: 'presence and settings' })).toBeVisible()
  // Neither code nor token stays in the address.
  await expect(page).toHaveURL(/\/console\/[^?]*$/)
  await page.reload()
  await expect(page.getByRole('button', { name: 'presence and settings' })).toBeVisible()
})

test('a sign-in that nobody began is refused in words, and another can be begun', async ({ world, page }) => {
  await page.goto(`${world.gateway.url}/console/?code=invented&state=invented`)
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Continue with The demo shop' })).toBeVisible()
})

test('who signs out everywhere is signed out in another browser too', async ({ world }) => {
  const here = await world.agent('anna')
  const there = await world.agent('anna')
  await here.page.getByRole('button', { name: 'presence and settings' }).click()
  await here.page.getByRole('button', { name: 'Sign out everywhere' }).click()
  const dialog = here.page.getByRole('dialog', { name: 'Sign out everywhere?' })
  await dialog.getByRole('button', { name: 'Sign out everywhere' }).click()
  await expect(here.page.getByRole('heading', { name: 'Sign in to your desk' })).toBeVisible()
  await there.page.getByRole('button', { name: 'Sign in again' }).click()
  await expect(there.page.getByRole('heading', { name: 'Sign in to your desk' })).toBeVisible()
})
