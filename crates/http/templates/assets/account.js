// The pages that mails lead to: a form whose answer goes to the API of this server, and nowhere else.
"use strict";

(() => {
  const form = document.getElementById("account");
  const problem = document.getElementById("problem");
  const done = document.getElementById("done");
  const button = form.querySelector("button");
  const inputs = Array.from(form.querySelectorAll("input[name]"));
  let challenge = null;

  // The token is in the fragment, which browsers send to nobody. It leaves the address at once, so that neither the
  // history nor somebody who looks over a shoulder keeps it.
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (location.hash) {
    history.replaceState(null, "", location.pathname);
  }

  const show = (element, lines) => {
    element.replaceChildren(
      ...lines.map((line) => {
        const paragraph = document.createElement("p");
        paragraph.textContent = line;
        return paragraph;
      }),
    );
    element.hidden = false;
    element.focus();
  };

  const sentence = (text) => {
    const whole = text.charAt(0).toUpperCase() + text.slice(1);
    return /[.!?]$/.test(whole) ? whole : `${whole}.`;
  };

  const named = (pointer) => {
    const name = String(pointer ?? "").split("/").pop();
    const label = inputs.some((input) => input.name === name) && form.querySelector(`label[for="${name}"]`);
    return label ? `${label.textContent}: ` : "";
  };

  const explain = (status, answer, wait) => {
    if (status === 429) {
      return [`Too many tries. Wait ${wait ?? "a few"} seconds and try again.`];
    }
    const errors = answer && Array.isArray(answer.errors) ? answer.errors : [];
    if (errors.length > 0) {
      return errors.map((error) => sentence(named(error.pointer) + String(error.detail)));
    }
    if (answer && answer.detail) {
      return [sentence(String(answer.detail))];
    }
    return ["The server did not understand. Please try again later."];
  };

  const post = async (path, body, bearer) => {
    const headers = { "Content-Type": "application/json", Accept: "application/json" };
    if (bearer) {
      headers.Authorization = `Bearer ${bearer}`;
    }
    const answer = await fetch(path, {
      method: "POST",
      headers,
      body: body === null ? undefined : JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
    const text = await answer.text();
    let value = null;
    try {
      value = text ? JSON.parse(text) : null;
    } catch {
      value = null;
    }
    return { ok: answer.ok, status: answer.status, wait: answer.headers.get("Retry-After"), value };
  };

  const body = () => {
    const given = {};
    if (form.hasAttribute("data-token")) {
      given.token = token;
    }
    for (const input of inputs) {
      if (input.value !== "" && !input.closest("[data-later]")) {
        given[input.name] = input.value;
      }
    }
    return given;
  };

  // Signs in, with a second factor where there is one, and ends every session, this one too.
  const signOutEverywhere = async () => {
    const signIn = challenge === null
      ? await post(form.dataset.api, body(), null)
      : await post("/api/v1/auth/second-factor", { challenge, code: form.elements.code.value }, null);
    if (!signIn.ok) {
      return signIn;
    }
    if (signIn.value && signIn.value.second_factor) {
      challenge = signIn.value.second_factor.challenge;
      for (const later of form.querySelectorAll("[data-later]")) {
        later.hidden = false;
      }
      form.elements.code.required = true;
      form.elements.code.focus();
      return null;
    }
    return post("/api/v1/auth/logout-all", null, signIn.value.access_token);
  };

  const send = () => (form.dataset.then === "sign-out" ? signOutEverywhere() : post(form.dataset.api, body(), null));

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    button.disabled = true;
    try {
      const answer = await send();
      if (answer === null) {
        return;
      }
      if (answer.ok) {
        form.reset();
        form.hidden = true;
        done.hidden = false;
        done.focus();
      } else {
        show(problem, explain(answer.status, answer.value, answer.wait));
      }
    } catch {
      show(problem, ["The server cannot be reached. Please try again."]);
    } finally {
      button.disabled = false;
    }
  });

  const toggle = document.getElementById("show");
  if (toggle) {
    const secret = inputs.filter((input) => input.type === "password");
    toggle.addEventListener("change", () => {
      for (const input of secret) {
        input.type = toggle.checked ? "text" : "password";
      }
    });
  }

  if (form.hasAttribute("data-token") && !token) {
    show(problem, ["This link is not whole. Open it from the mail again, or copy all of it into the address line."]);
  } else {
    form.hidden = false;
  }
})();
