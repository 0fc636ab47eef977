using System;
using System.Text.Encodings.Web;

namespace MeshIoT.Coordinator;

/// <summary>
/// The login page's texts: one document without scripts and without anything from elsewhere, for a phone first. Everything that a machine
/// says about itself is encoded.
/// </summary>
internal static class LoginHtml
{
    const string Style = """
        :root { color-scheme: light dark; --ink: #1b1f23; --soft: #57606a; --line: #d0d7de; --ground: #f6f8fa; --card: #fff; --act: #0b5cad; --on-act: #fff; --bad: #b3261e; --good: #1a7f37; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9ea7b1; --line: #3d444d; --ground: #0d1117; --card: #161b22; --act: #58a6ff; --on-act: #0d1117; --bad: #ff8a80; --good: #56d364; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; }
        main { max-width: 30rem; margin: 0 auto; padding: max(1.25rem, 6vh) 1rem 2rem; }
        section { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; }
        .brand { color: var(--soft); font-size: .9rem; margin: 0 0 .75rem; }
        h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 1rem; overflow-wrap: anywhere; }
        dl { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1rem; margin: 0 0 1.25rem; }
        dt { color: var(--soft); }
        dd { margin: 0; overflow-wrap: anywhere; }
        code { font: .95em ui-monospace, monospace; }
        label { display: block; font-weight: 600; margin: 0 0 .35rem; }
        input { width: 100%; font: 1.25rem/1.4 ui-monospace, monospace; padding: .65rem .75rem; border: 1px solid var(--soft); border-radius: .5rem; background: var(--ground); color: inherit; }
        input:focus-visible, button:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
        button { width: 100%; min-height: 3rem; margin-top: .85rem; font: 600 1.0625rem system-ui, sans-serif; border: 0; border-radius: .5rem; background: var(--act); color: var(--on-act); cursor: pointer; }
        .note { color: var(--soft); font-size: .9rem; margin: .85rem 0 0; }
        .bad { color: var(--bad); font-weight: 600; margin: 0 0 1rem; }
        .good { color: var(--good); }
        """;

    static readonly HtmlEncoder Encoder = HtmlEncoder.Default;

    /// <summary>The machine that asks, and the field for the proof.</summary>
    /// <param name="login">Who asks.</param>
    /// <param name="tags">The tags it asks for, in words; empty: none.</param>
    /// <param name="fault">What was wrong with the last try; null: nothing yet.</param>
    /// <param name="now">The time.</param>
    /// <param name="nonce">What the style is admitted by.</param>
    public static string Ask(PendingLogin login, string tags, string? fault, DateTimeOffset now, string nonce) => Page(
        $"Let {login.Hostname} in?",
        $"""
        <h1>Let {Text(login.Hostname)} into the tailnet?</h1>
        {(fault is null ? "" : $"<p class=\"bad\" role=\"alert\">{Text(fault)}</p>")}
        <dl>
        <dt>System</dt><dd>{Text(login.Os)}</dd>
        <dt>Asks from</dt><dd>{Text(login.Remote)}</dd>
        <dt>Machine key</dt><dd><code>{Text(login.MachineShort)}</code></dd>
        {(tags.Length == 0 ? "" : $"<dt>Asks for</dt><dd>{Text(tags)}</dd>")}
        <dt>Asked</dt><dd>{Ago(now - login.Created)}; waits {Minutes(login.Expires - now)} more</dd>
        </dl>
        <form method="post">
        <label for="code">Your login code</label>
        <input id="code" name="code" required maxlength="64" autocomplete="one-time-code" autocapitalize="characters" autocorrect="off" spellcheck="false" placeholder="XXXXX-XXXXX" aria-describedby="how">
        <button type="submit">Let it in</button>
        <p class="note" id="how">A login code comes from whoever runs the tailnet: <code>meshiot user login-code NAME</code>. An API token with the scope logins:write does it too.</p>
        <p class="note">Only go on if you started this yourself, at that machine. Otherwise close this page: nothing happens.</p>
        </form>
        """,
        nonce);

    /// <summary>The end, good or bad.</summary>
    public static string Say(string title, string text, bool isGood, string nonce) =>
        Page(title, $"<h1 class=\"{(isGood ? "good" : "")}\">{Text(title)}</h1>\n<p>{Text(text)}</p>", nonce);

    static string Page(string title, string body, string nonce) =>
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>{Text(title)}</title>
        <style nonce="{nonce}">
        {Style}
        </style>
        </head>
        <body>
        <main>
        <p class="brand">MeshIoT coordinator</p>
        <section>
        {body}
        </section>
        </main>
        </body>
        </html>

        """;

    static string Ago(TimeSpan age) => age.TotalMinutes < 1 ? "just now" : Minutes(age) + " ago";

    static string Minutes(TimeSpan time) => Math.Max(1, (int)Math.Round(time.TotalMinutes)) is var n && n == 1 ? "1 minute" : $"{n} minutes";

    static string Text(string text) => Encoder.Encode(text);
}
