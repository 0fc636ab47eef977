using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>Coming in by a person: control-plane.md section 4, flow 3.</summary>
public class LoginTests
{
    static string IdIn(string url) => url[(url.LastIndexOf('/') + 1)..];

    static RegisterRequest Ask(TestNode node, string followup = "") => new()
    {
        Version = 130, NodeKey = node.NodeKey, Followup = followup, Hostinfo = new Hostinfo { Hostname = "barn.local", OS = "linux" },
    };

    [Fact]
    public async Task A_node_without_a_key_waits_for_a_person_who_sees_who_asks_and_comes_in_when_let()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        UserRecord ann = await coordinator.NewUserAsync("ann");
        await using TestNode node = coordinator.NewNode("barn");
        RegisterResponse asked = await node.Client.RegisterAsync(Ask(node));
        Assert.StartsWith($"http://{coordinator.Listening}/login/", asked.AuthURL, StringComparison.Ordinal);
        Assert.Equal(("", false), (asked.Error, asked.MachineAuthorized));
        Assert.Equal(asked.AuthURL, (await node.Client.RegisterAsync(Ask(node))).AuthURL);   // asking again opens no second one

        PendingLogin login = Assert.Single(coordinator.Logins.List());
        Assert.Equal(("barn", "linux", "127.0.0.1", node.Machine.PublicKey.ShortString()), (login.Hostname, login.Os, login.Remote, login.MachineShort));
        Assert.Same(login, coordinator.Logins.Find(IdIn(asked.AuthURL)));

        Task<RegisterResponse> waiting = node.Client.RegisterAsync(Ask(node, asked.AuthURL));
        Assert.Empty(coordinator.Tailnet.Nodes);
        Registration done = await coordinator.Logins.ApproveAsync(login.Id, ann.Id, "owner");
        RegisterResponse admitted = await waiting;
        Assert.Equal(("", "", true, "ann@tail.example"), (admitted.Error, admitted.AuthURL, admitted.MachineAuthorized, admitted.Login.LoginName));
        Assert.Equal((ann.Id, "barn"), (coordinator.Tailnet.Nodes[done.Node!.Id].UserId, done.Node.Label));
        Assert.Empty(coordinator.Logins.List());
        Assert.Contains(coordinator.Audit(), a => a is { Actor: "owner", Action: "node.register", Target: "n1" });
    }

    [Fact]
    public async Task A_rejected_node_is_told_so_and_one_that_asks_after_an_unknown_login_gets_another_address()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode node = coordinator.NewNode("barn");
        string url = (await node.Client.RegisterAsync(Ask(node))).AuthURL;
        Task<RegisterResponse> waiting = node.Client.RegisterAsync(Ask(node, url));
        await coordinator.Logins.RejectAsync(IdIn(url), "owner");
        RegisterResponse refused = await waiting;
        if (refused.AuthURL.Length == 0)
        {
            Assert.StartsWith("login-rejected:", refused.Error, StringComparison.Ordinal);
        }
        else
        {
            // It came after the decision: then it is a new login.
            Assert.NotEqual(url, refused.AuthURL);
        }

        RegisterResponse again = await node.Client.RegisterAsync(Ask(node, url));
        Assert.NotEqual("", again.AuthURL);
        Assert.NotEqual(url, again.AuthURL);
        Assert.Same(Faults.LoginUnknown, (await Assert.ThrowsAsync<FaultException>(() => coordinator.Logins.ApproveAsync(IdIn(url), 1, "owner"))).Report.Fault);
        Assert.Empty(coordinator.Tailnet.Nodes);
    }

    [Fact]
    public async Task A_login_ends_after_its_time_and_the_node_that_waits_gets_a_new_address()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync(TestCoordinator.Quick with { LoginLifetime = TimeSpan.FromMilliseconds(300) });
        await using TestNode node = coordinator.NewNode("barn");
        string url = (await node.Client.RegisterAsync(Ask(node))).AuthURL;
        RegisterResponse late = await node.Client.RegisterAsync(Ask(node, url));
        Assert.NotEqual("", late.AuthURL);
        Assert.NotEqual(url, late.AuthURL);
    }

    [Fact]
    public async Task Another_machine_cannot_wait_for_a_login_that_is_not_its_own()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        await using TestNode node = coordinator.NewNode("barn"), thief = coordinator.NewNode("thief");
        string url = (await node.Client.RegisterAsync(Ask(node))).AuthURL;
        string other = (await thief.Client.RegisterAsync(Ask(thief, url))).AuthURL;
        Assert.NotEqual("", other);
        Assert.NotEqual(url, other);
        await coordinator.Logins.ApproveAsync(IdIn(url), 1, "owner");
        Assert.Equal(node.Machine.PublicKey, coordinator.Tailnet.Nodes.Values.Single().Machine);
    }

    [Fact]
    public async Task Logins_are_few_the_longest_waiting_gives_way_and_one_address_cannot_open_many()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync(TestCoordinator.Quick with { MaxPendingLogins = 3, LoginBurst = 5, LoginForgivenSeconds = 3600 });
        await using TestNode node = coordinator.NewNode("barn");
        string[] urls = new string[5];
        for (int i = 0; i < urls.Length; i++)
        {
            node.NodeKey = MeshIoT.Crypto.NodePrivateKey.Generate(new MeshIoT.Crypto.SystemRandomSource()).PublicKey;
            urls[i] = (await node.Client.RegisterAsync(Ask(node))).AuthURL;
        }

        Assert.Equal(5, urls.Distinct().Count());
        Assert.Equal(urls[2..].Select(IdIn), coordinator.Logins.List().Select(l => l.Id));
        node.NodeKey = MeshIoT.Crypto.NodePrivateKey.Generate(new MeshIoT.Crypto.SystemRandomSource()).PublicKey;
        HttpRequestException wait = await Assert.ThrowsAsync<HttpRequestException>(() => node.Client.RegisterAsync(Ask(node)));
        Assert.Equal(HttpStatusCode.TooManyRequests, wait.StatusCode);
    }

    [Fact]
    public async Task Tags_that_the_user_may_not_give_leave_the_login_waiting()
    {
        await using TestCoordinator coordinator = await TestCoordinator.StartAsync();
        UserRecord ann = await coordinator.NewUserAsync("ann");
        await coordinator.SetPolicyAsync("""{"tagOwners": {"tag:barn": ["ann@"]}}""");
        await using TestNode node = coordinator.NewNode("barn");
        RegisterRequest request = Ask(node) with { Hostinfo = new Hostinfo { Hostname = "barn", RequestTags = ["tag:barn"] } };
        string id = IdIn((await node.Client.RegisterAsync(request)).AuthURL);
        Assert.Same(Faults.TagsNotPermitted, (await Assert.ThrowsAsync<FaultException>(() => coordinator.Logins.ApproveAsync(id, 1, "owner"))).Report.Fault);
        Registration done = await coordinator.Logins.ApproveAsync(id, ann.Id, "ann");
        Assert.Equal(["tag:barn"], done.Node!.Tags);
        Assert.Equal(0, done.Node.UserId);
    }
}
