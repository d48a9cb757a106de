/** A file to begin with: a query that agents can ask, and a rule that tells a customer where their order is. */
export const EXAMPLE = `version: 1

# What agents, rules and the AI agent may ask your systems. Agents type /order A1001.
queries:
  order:
    description: An order by its number
    command: order
    url: "https://shop.example/api/orders/{{ number }}"
    headers:
      authorization: "Bearer {{ secret.shop_token }}"
    args:
      number: {pattern: '[A-Z]\\d{3,10}', description: "Such as A1001"}
    timeout_seconds: 5
    cache_seconds: 30
    slots:
      status: $.status
      carrier: $.tracking.carrier
    card:
      title: "Order {{ number }}"
      fields:
        - {name: Status, value: "{{ status }}"}
        - {name: Carrier, value: "{{ carrier }}"}

# What happens when your systems tell Deskwire something.
rules:
  - name: an order has shipped
    when: {type: shop.order.shipped}
    contact: {external_id: $.data.customer}
    do:
      - query: {name: order, args: {number: "{{ data.number }}"}, as: order}
      - message: "Your order {{ data.number }} has shipped."
      - update_contact: {attributes: {last_order: "{{ data.number }}"}}
`
