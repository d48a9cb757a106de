"use strict";
// The server sends all that there is to see, at first and after each change (`/log`); this only draws it.
const $ = (id) => document.getElementById(id);

const from = (template) => $(template).content.firstElementChild.cloneNode(true);

const write = (element, part, text) => {
    const found = element.querySelector(part);
    found.textContent = text;
    return found;
};

const refuse = (words) => {
    $("refusal").textContent = words;
    $("refusal").hidden = !words;
};

const press = async (path, body = {}) => {
    try {
        const answer = await fetch(path, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body),
        });
        refuse(answer.ok ? "" : (await answer.json()).error);
    } catch {
        refuse("The shop does not answer. Is it still running?");
    }
};

// Elements stay as long as what they show: focus and half-written tags survive a change.
const list = (id, values, key, make, draw) => {
    const old = new Map([...$(id).children].map((element) => [element.dataset.key, element]));
    const drawn = values.map((value) => {
        const element = old.get(key(value)) ?? make(value);
        element.dataset.key = key(value);
        draw(element, value);
        return element;
    });
    const kept = new Set(drawn);
    for (const element of old.values()) if (!kept.has(element)) element.remove();
    drawn.forEach((element, place) => {
        const there = $(id).children[place];
        if (there !== element) $(id).insertBefore(element, there ?? null);
    });
};

const makeOrder = ({ number }) => {
    const element = from("order");
    for (const button of element.querySelectorAll("button")) {
        button.onclick = () => press(`/orders/${number}/${button.dataset.press}`);
    }
    return element;
};

const drawOrder = (names) => (element, order) => {
    write(element, ".number", order.number);
    write(element, ".status", order.status).className = `status ${order.status}`;
    const items = order.items.map(({ name, quantity }) => (quantity > 1 ? `${quantity} × ${name}` : name));
    write(element, ".items", items.join(", "));
    write(element, ".whose", `${names.get(order.customer)} · ${order.total} ${order.currency}`);
    element.querySelector("[data-press=ship]").disabled = order.status !== "paid";
    element.querySelector("[data-press=deliver]").disabled = order.status !== "shipped";
    const refund = element.querySelector("[data-press=refund]");
    refund.disabled = order.refund;
    refund.textContent = order.refund ? "Refund asked for" : "Ask for a refund";
};

const makeCustomer = ({ id }) => {
    const element = from("customer");
    element.querySelector("form").onsubmit = (event) => {
        event.preventDefault();
        press(`/customers/${id}/tags`, { add: [event.target.tag.value] });
        event.target.reset();
    };
    return element;
};

const drawCustomer = (element, { id, name, email, phone, tags }) => {
    write(element, ".name", name);
    write(element, ".id", id);
    write(element, ".reach", `${email} · ${phone}`);
    const chips = tags.map((tag) => {
        const chip = document.createElement("button");
        chip.type = "button";
        chip.textContent = tag;
        chip.ariaLabel = `Remove the tag ${tag}`;
        chip.onclick = () => press(`/customers/${id}/tags`, { remove: [tag] });
        return chip;
    });
    element.querySelector(".tags").replaceChildren(...chips);
};

const outcome = ({ way, fate, attempts, verified, answer }) => {
    if (way === "received") {
        if (!verified) return ["bad", "signature wrong"];
        return [answer < 300 ? "good" : "bad", `signature right, answered ${answer}`];
    }
    const times = attempts > 1 ? ` (${attempts} attempts)` : "";
    if (fate === "accepted") return ["good", `accepted${times}`];
    return fate === "waiting" ? ["wait", `waiting${times}`] : ["bad", `refused: ${fate.refused}`];
};

const drawEntry = (element, entry) => {
    const [mood, words] = outcome(entry);
    write(element, "time", new Date(entry.at).toLocaleTimeString()).dateTime = entry.at;
    write(element, ".way", entry.way === "sent" ? "Shop → Deskwire" : "Deskwire → shop");
    write(element, ".type", entry.type || "unknown");
    write(element, ".mark", words).className = `mark ${mood}`;
    write(element, ".id", entry.id).title = entry.id;
};

const draw = ({ orders, customers, log, joined }) => {
    const names = new Map(customers.map(({ id, name }) => [id, name]));
    list("orders", orders, ({ number }) => number, makeOrder, drawOrder(names));
    list("customers", customers, ({ id }) => id, makeCustomer, drawCustomer);
    log.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
    list("log", log, ({ way, id, at }) => `${way} ${id} ${at}`, () => from("entry"), drawEntry);
    $("quiet").hidden = log.length > 0;
    $("joined").textContent = joined ? "Joined to Deskwire" : "Not joined to Deskwire yet: events wait";
    $("joined").className = joined ? "good" : "";
};

const source = new EventSource("/log");
source.onmessage = ({ data }) => draw(JSON.parse(data));
source.onerror = () => {
    $("joined").textContent = "The shop does not answer";
    $("joined").className = "bad";
};
