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

  const write = (element, lines) => {
    element.replaceChildren(
      ...lines.map((line) => {
        const paragraph = document.createElement("p");
        paragraph.textContent = line;
        return paragraph;
      }),
    );
    element.hidden = false;
  };

  const show = (element, lines) => {
    write(element, lines);
    element.focus();
  };

  const sentence = (text) => {
    const whole = text.charAt(0).toUpperCase() + text.slice(1);
    return /[.!?]$/.test(whole) ? whole : `${whole}.`;
  };

  const named = (pointer) => {
    const name = String(pointer ?? "").split("/").pop();
    if (name === "token") {
      return "This link ";
    }
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
      if (input.value !== "" && !input.disabled && !input.closest("[data-later]")) {
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

  // Whoever has an account gives its password; what is new is judged before it is sent.
  const ask = (invited) => {
    const { first_name: first, last_name: last, password } = form.elements;
    if (invited.has_account) {
      for (const input of [first, last]) {
        input.disabled = true;
        input.closest("p").hidden = true;
      }
      password.autocomplete = "current-password";
      form.querySelector(`label[for="password"]`).textContent = "Password of your account";
      const hint = password.closest("p").querySelector(".hint");
      hint.textContent = `You have an account as ${invited.email}. Its password shows that it is yours.`;
      return;
    }
    first.value = invited.first_name ?? "";
    last.value = invited.last_name ?? "";
    password.addEventListener("change", () => judge(password.value, invited));
  };

  const judge = async (password, invited) => {
    const judgement = document.getElementById("judgement");
    judgement.hidden = true;
    if (password === "") {
      return;
    }
    try {
      const known = { password, email: invited.email, tenant: invited.tenant.name };
      const answer = await post("/api/v1/auth/password-strength", known, null);
      if (answer.ok) {
        const reasons = answer.value.reasons.map((reason) => sentence(`Your password ${reason.detail}`));
        write(judgement, answer.value.acceptable ? ["This is a good password."] : reasons);
      }
    } catch {
      // The answer to the form says the same.
    }
  };

  // Shows who invites where to, and then the form.
  const welcome = async () => {
    const answer = await post(form.dataset.ask, { token }, null);
    if (!answer.ok) {
      show(problem, explain(answer.status, answer.value, answer.wait));
      return;
    }
    const invited = answer.value;
    const until = new Date(invited.expires_at).toLocaleDateString();
    write(document.getElementById("about"), [
      `${invited.invited_by} invites you to ${invited.tenant.name}, as ${invited.roles.join(", ")}.`,
      `The invitation is for ${invited.email} and good until ${until}.`,
    ]);
    if (invited.message) {
      write(document.getElementById("message"), invited.message.split("\n"));
    }
    ask(invited);
    form.hidden = false;
  };

  if (form.hasAttribute("data-token") && !token) {
    show(problem, ["This link is not whole. Open it from the mail again, or copy all of it into the address line."]);
  } else if (form.hasAttribute("data-ask")) {
    welcome().catch(() => show(problem, ["The server cannot be reached. Please try again."]));
  } else {
    form.hidden = false;
  }
})();
