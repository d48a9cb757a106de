"use strict";
// The shop's own page. All that it knows of Deskwire is `deskwire(…)`, which the one script in the page brings.
const PRODUCTS = [
    { name: "Longjing tea 龙井茶", about: "250 g, picked before the rains", price: "€ 34.00", look: "tea" },
    { name: "Reading lamp", about: "Warm light, brass arm", price: "€ 89.90", look: "lamp" },
    { name: "Notebook", about: "192 pages, dotted, lies flat", price: "€ 13.30", look: "notebook" },
    { name: "Brush 毛笔", about: "Goat hair, bamboo", price: "€ 12.00", look: "brush" },
    { name: "Ink, midnight blue", about: "50 ml, for fountain pens", price: "€ 12.00", look: "ink" },
    { name: "Kettle", about: "1 litre, pours thinly", price: "€ 99.00", look: "kettle" },
];
const CUSTOMER = "customer";

const $ = (id) => document.getElementById(id);
const from = (template) => $(template).content.firstElementChild.cloneNode(true);

// Calls before the widget is there wait in the queue that its script looks for.
const desk = (...call) => {
    window.deskwire ??= Object.assign((...more) => window.deskwire.q.push(more), { q: [] });
    window.deskwire(...call);
};

// A session that the shop vouches for; the widget asks for a new one when the old one runs out.
const session = (customer) => async () => {
    const answer = await fetch(`/session/${customer}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
    });
    if (!answer.ok) throw new Error((await answer.json()).error);
    return (await answer.json()).token;
};

const ask = (words) => {
    desk("open");
    desk("send", words);
};

for (const { name, about, price, look } of PRODUCTS) {
    const element = from("product");
    element.querySelector(".picture").classList.add(look);
    element.querySelector("h3").textContent = name;
    element.querySelector(".about").textContent = about;
    element.querySelector(".price").textContent = price;
    element.querySelector("button").onclick = () => ask(`I have a question about: ${name}`);
    $("products").append(element);
}

const showOrders = (orders) => {
    $("orders").hidden = orders.length === 0;
    const rows = orders.map(({ number, status, items, total, currency }) => {
        const element = from("order");
        element.querySelector("strong").textContent = number;
        element.querySelector(".status").textContent = status;
        element.querySelector(".items").textContent =
            `${items.map(({ name }) => name).join(", ")} · ${total} ${currency}`;
        element.querySelector("button").onclick = () => ask(`Where is my order ${number}?`);
        return element;
    });
    $("orders").querySelector("ul").replaceChildren(...rows);
};

const begin = async () => {
    const { customers, orders } = await (await fetch("/catalogue")).json();
    for (const { id, name } of customers) $("customer").append(new Option(name, id));
    const kept = sessionStorage.getItem(CUSTOMER) ?? "";
    $("customer").value = kept;
    showOrders(orders.filter(({ customer }) => customer === kept));
    if (kept) desk("identify", { token: session(kept) });
};

$("customer").onchange = () => {
    sessionStorage.setItem(CUSTOMER, $("customer").value);
    // Another person sits down: what the widget knows of the one before is forgotten.
    desk("reset");
    location.reload();
};
$("language").onchange = () => desk("setLocale", $("language").value || navigator.language);

begin();
