using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.LocalApi;
using MeshIoT.Tailcfg;
using MeshIoT.Web;
using MeshIoT.Web.Http;
using Xunit;

namespace MeshIoT.Node.Tests;

/// <summary>A login as the command line asks the agent for it, over the LocalAPI.</summary>
public class AgentLoginTests
{
    const string Page = "https://coordinator.test/a/1";

    static async Task<(int Status, StatusDto? Answer, ProblemDto? Problem)> UpAsync(TailnetNode node, UpRequestDto body, CancellationToken ct)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(body, LocalApiJson.Default.UpRequestDto);
        AgentApi api = new(node, "1", "userspace");
        HttpRequest request = new()
        {
            Method = "POST", Path = "/localapi/v0/up", Query = new Dictionary<string, string>(), Body = json,
        };
        HttpResponse response;
        try
        {
            response = await api.HandleAsync(request, ct);
        }
        catch (MeshIoT.Health.FaultException e)
        {
            response = HttpResponse.Problem(e.Report);
        }

        return response.Status == 200
            ? (200, JsonSerializer.Deserialize(response.Body.Span, LocalApiJson.Default.StatusDto), null)
            : (response.Status, null, JsonSerializer.Deserialize(response.Body.Span, LocalApiJson.Default.ProblemDto));
    }

    [Fact]
    public async Task An_interactive_login_answers_with_each_page_once_and_with_the_end()
    {
        await using TestNodes nodes = new();
        TaskCompletionSource approved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        nodes.Tailnet.Parked.Enqueue((_, _) => Task.FromResult(new RegisterResponse { AuthURL = Page }));
        nodes.Tailnet.Parked.Enqueue(async (request, ct) =>
        {
            await approved.Task.WaitAsync(ct);
            return nodes.Tailnet.Admit(request);
        });
        TailnetNode node = await nodes.StartAsync("gateway");
        UpRequestDto first = new() { Interactive = true, TimeoutSeconds = 60 };
        var (_, answer, _) = await UpAsync(node, first, nodes.Limit);
        Assert.True(answer is { BackendState: "NeedsLogin", LoginPending: true, AuthUrl: Page, Waiting.Code: "approval-needed" });

        UpRequestDto wait = new() { Interactive = true, Resume = true, TimeoutSeconds = 1, Shown = answer.Waiting!.Next };
        (_, answer, _) = await UpAsync(node, wait, nodes.Limit);
        Assert.True(answer is { BackendState: "NeedsLogin", LoginPending: true });
        (_, answer, _) = await UpAsync(node, first, nodes.Limit);
        Assert.Equal(Page, answer!.AuthUrl);

        Task<(int, StatusDto? Answer, ProblemDto?)> end = UpAsync(node, wait with { TimeoutSeconds = 60 }, nodes.Limit);
        approved.SetResult();
        Assert.True((await end).Answer is { BackendState: "Running", LoginPending: false, AuthUrl: null, Waiting: null });
        Assert.Equal(2, nodes.Tailnet.Registrations.Count);
    }

    [Fact]
    public async Task A_plain_login_that_needs_a_person_is_a_problem_that_names_the_page()
    {
        await using TestNodes nodes = new();
        nodes.Tailnet.Parked.Enqueue((_, _) => Task.FromResult(new RegisterResponse { AuthURL = Page }));
        nodes.Tailnet.Parked.Enqueue(static async (_, ct) =>
        {
            await Task.Delay(Timeout.Infinite, ct);
            return new RegisterResponse();
        });
        TailnetNode node = await nodes.StartAsync("gateway");
        var (status, _, problem) = await UpAsync(node, new UpRequestDto { TimeoutSeconds = 60 }, nodes.Limit);
        Assert.Equal((403, "approval-needed", "Open " + Page), (status, problem!.Code, problem.Next));
    }

    [Fact]
    public async Task A_refusal_while_waiting_is_a_problem()
    {
        await using TestNodes nodes = new();
        nodes.Tailnet.Parked.Enqueue((_, _) => Task.FromResult(new RegisterResponse { Error = "auth-key-used: used" }));
        TailnetNode node = await nodes.StartAsync("gateway");
        var (status, _, problem) = await UpAsync(node, new UpRequestDto { Interactive = true, AuthKey = "k", TimeoutSeconds = 60 }, nodes.Limit);
        Assert.Equal((403, "auth-key-used"), (status, problem!.Code));
        (_, _, problem) = await UpAsync(node, new UpRequestDto { Interactive = true, Resume = true, TimeoutSeconds = 60 }, nodes.Limit);
        Assert.Equal("auth-key-used", problem!.Code);
    }

    [Fact]
    public async Task Nothing_under_way_cannot_be_waited_for()
    {
        await using TestNodes nodes = new();
        TailnetNode node = await nodes.StartAsync("gateway");
        var (_, _, problem) = await UpAsync(node, new UpRequestDto { Interactive = true, Resume = true, TimeoutSeconds = 60 }, nodes.Limit);
        Assert.Equal("node-not-running", problem!.Code);
    }
}
