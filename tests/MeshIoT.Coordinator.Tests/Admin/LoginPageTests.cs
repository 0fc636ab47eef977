using System;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>The page that a machine's address leads to: who may let it in there, and who may not.</summary>
public class LoginPageTests
{
    const string Form = "application/x-www-form-urlencoded";

    [Fact]
    public async Task A_person_with_a_login_code_lets_the_machine_in_as_their_node_and_the_code_is_used_up()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode node = coordinator.NewNode("green<b>house"), other = coordinator.NewNode("barn");
        using AdminClient admin = AdminClient.Local(coordinator), phone = AdminClient.Remote(coordinator);
        await admin.PostAsync("/api/v1/users", """{"login":"ada","displayName":"Ada <i>"}""");
        string code = (await admin.PostAsync("/api/v1/users/ada/login-codes"))["code"], path = await AskAsync(node), second = await AskAsync(other);

        AdminAnswer page = await phone.GetAsync(path);
        Assert.Equal((200, "text/html"), (page.Status, page.MediaType));
        Assert.Contains(node.Machine.PublicKey.ShortString(), System.Net.WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("(src|href)=", page.Text);

        AdminAnswer done = await phone.SendAsync("POST", path, "code=" + code.Replace("-", "+", StringComparison.Ordinal).ToLowerInvariant(), Form);
        Assert.Equal(200, done.Status);
        Assert.Contains("node of Ada &lt;i&gt; now", done.Text, StringComparison.Ordinal);
        Assert.Equal("", (await node.RegisterAsync()).AuthURL);
        Assert.Equal("ada", (await admin.GetAsync("/api/v1/nodes/n1"))["user"]);
        Assert.Equal(404, (await phone.GetAsync(path)).Status);
        AdminAnswer again = await phone.SendAsync("POST", second, "code=" + code, Form);
        Assert.Equal(403, again.Status);
        Assert.Contains("no login code that is open now", again.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(code, coordinator.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_with_the_scope_does_it_and_one_without_does_not()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode node = coordinator.NewNode("barn");
        using AdminClient admin = AdminClient.Local(coordinator), phone = AdminClient.Remote(coordinator);
        string path = await AskAsync(node), weak = await admin.NewTokenAsync("nodes:write"), strong = await admin.NewTokenAsync("logins:write");
        AdminAnswer refused = await phone.SendAsync("POST", path, "code=" + weak, Form);
        Assert.Equal(403, refused.Status);
        Assert.Contains("logins:write", refused.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await phone.SendAsync("POST", path, "code=" + strong, Form)).Status);
        Assert.Equal("token t2", coordinator.Tailnet.Nodes.Count == 1 ? (await admin.GetAsync("/api/v1/audit?limit=1")).Json.GetProperty("entries")[0].GetProperty("actor").GetString() : "");
    }

    [Fact]
    public async Task A_member_lets_a_node_in_but_where_approval_is_asked_for_it_waits_for_an_administrator()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode node = coordinator.NewNode("barn");
        using AdminClient admin = AdminClient.Local(coordinator), phone = AdminClient.Remote(coordinator);
        await admin.SendAsync("PATCH", "/api/v1/settings", """{"nodeApproval":true}""");
        await admin.PostAsync("/api/v1/users", """{"login":"ada"}""");
        string code = (await admin.PostAsync("/api/v1/users/ada/login-codes"))["code"];
        AdminAnswer done = await phone.SendAsync("POST", await AskAsync(node), "code=" + code, Form);
        Assert.Contains("waits for an administrator", done.Text, StringComparison.Ordinal);
        Assert.False(coordinator.Tailnet.Nodes[1].Approved);
        Assert.Equal("True", (await admin.PostAsync("/api/v1/nodes/n1/approve"))["approved"]);
    }

    [Fact]
    public async Task Guessing_ends_for_the_login_and_for_the_address()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode node = coordinator.NewNode("barn"), other = coordinator.NewNode("shed");
        using AdminClient admin = AdminClient.Local(coordinator), thief = AdminClient.Remote(coordinator);
        string path = await AskAsync(node), second = await AskAsync(other);
        for (int i = 0; i < 10; i++)
        {
            Assert.Contains("no login code", (await thief.SendAsync("POST", path, "code=AAAAA-AAAA" + i, Form)).Text, StringComparison.Ordinal);
        }

        Assert.Contains("takes no more", (await thief.SendAsync("POST", path, "code=AAAAA-AAAAA", Form)).Text, StringComparison.Ordinal);
        AdminAnswer last = await thief.SendAsync("POST", second, "code=x", Form);
        for (int i = 0; i < 30 && last.Status != 429; i++)
        {
            last = await thief.SendAsync("POST", second, "code=x", Form);
        }

        Assert.Equal(429, last.Status);
        Assert.True(last.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Empty(coordinator.Tailnet.Nodes);
        string id = path.Split('/')[^1];
        Assert.Equal("n1", (await admin.PostAsync($"/api/v1/logins/{id}/approve", """{"user":"owner"}"""))["id"]);
    }

    [Fact]
    public async Task A_form_from_another_site_and_what_is_no_form_are_refused()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode node = coordinator.NewNode("barn");
        using AdminClient admin = AdminClient.Local(coordinator), phone = AdminClient.Remote(coordinator);
        string path = await AskAsync(node), body = "code=" + (await admin.PostAsync("/api/v1/users/owner/login-codes"))["code"];
        foreach ((string Name, string Value) header in new[] { ("Origin", "https://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", $"http://{coordinator.Listening.Address}:1") })
        {
            Assert.Equal(403, (await phone.SendAsync("POST", path, body, Form, header)).Status);
        }

        Assert.Equal(415, (await phone.SendAsync("POST", path, body, "text/plain")).Status);
        Assert.Equal(413, (await phone.SendAsync("POST", path, new string('x', 5000), Form)).Status);
        Assert.Equal(403, (await phone.SendAsync("POST", path, "", Form)).Status);
        Assert.Equal(403, (await phone.SendAsync("POST", path, "code=%ff%00%zz&code=1", Form)).Status);
        Assert.Equal(405, (await phone.SendAsync("PUT", path, body, Form)).Status);
        Assert.Equal(404, (await phone.SendAsync("POST", "/login/0123456789abcdefghjkmnpqrs", body, Form)).Status);
        foreach (string none in new[] { "/login/", "/login/x", "/login/0123456789abcdefghjkmnpqrs", "/login/%2e%2e/api", path + "/", path.ToUpperInvariant().Replace("LOGIN", "login", StringComparison.Ordinal) })
        {
            Assert.Equal(404, (await phone.GetAsync(none)).Status);
        }

        Assert.Equal(200, (await phone.SendAsync("POST", path, body, Form, ("Origin", $"http://{coordinator.Listening}"))).Status);
    }

    [Fact]
    public async Task The_page_forbids_scripts_frames_storing_and_telling_others_its_address()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode node = coordinator.NewNode("barn");
        using AdminClient phone = AdminClient.Remote(coordinator);
        string path = await AskAsync(node);
        AdminAnswer page = await phone.GetAsync(path);
        string policy = page.Headers.GetValues("Content-Security-Policy").Single(), nonce = Regex.Match(policy, "nonce-([0-9a-f]{32})").Groups[1].Value;
        Assert.Contains($"<style nonce=\"{nonce}\">", page.Text, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("no-store", page.Headers.CacheControl!.ToString());
        Assert.Equal("same-origin", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.False(page.Headers.Contains("Set-Cookie"));
        Assert.NotEqual(policy, (await phone.GetAsync(path)).Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("", (await phone.SendAsync("HEAD", path)).Text);
    }

    [Fact]
    public void A_code_is_good_for_a_quarter_of_an_hour_and_may_be_put_back()
    {
        ManualTime time = new(new(2026, 11, 25, 0, 0, 0, TimeSpan.Zero));
        LoginCodes codes = new(new SeededRandom(7), time);
        string code = codes.Create(5).Code, late = codes.Create(6).Code;
        TakenCode taken = codes.Take(code)!;
        Assert.Equal(5, taken.UserId);
        Assert.Null(codes.Take(code));
        codes.PutBack(taken);
        Assert.NotNull(codes.Take(" " + code.ToLowerInvariant()));
        time.Advance(LoginCodes.Lifetime);
        Assert.Null(codes.Take(late));
        Assert.Null(codes.Take(new string('0', 1000)));
    }

    [Fact]
    public async Task A_machine_that_waits_is_listed_let_in_and_sent_away_over_rest()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode node = coordinator.NewNode("barn"), other = coordinator.NewNode("shed");
        using AdminClient admin = AdminClient.Local(coordinator);
        string id = (await AskAsync(node)).Split('/')[^1], second = (await AskAsync(other)).Split('/')[^1];
        var list = (await admin.GetAsync("/api/v1/logins")).Json.GetProperty("logins");
        Assert.Equal("barn shed", string.Join(' ', list.EnumerateArray().Select(l => l.GetProperty("hostName").GetString())));
        Assert.Equal(404, (await admin.PostAsync($"/api/v1/logins/{id}/approve", """{"user":"nobody"}""")).Status);
        Assert.Equal("owner", (await admin.PostAsync($"/api/v1/logins/{id}/approve"))["user"]);
        Assert.Equal(204, (await admin.SendAsync("POST", $"/api/v1/logins/{second}/reject")).Status);
        AdminAnswer gone = await admin.PostAsync($"/api/v1/logins/{second}/approve");
        Assert.Equal((404, "login-unknown"), (gone.Status, gone.Code));
    }

    static async Task<string> AskAsync(TestNode node)
    {
        RegisterResponse asked = await node.RegisterAsync();
        return new Uri(asked.AuthURL).AbsolutePath;
    }
}
