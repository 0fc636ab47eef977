using System;
using System.CommandLine;
using System.Net.Http;
using System.Threading.Tasks;
using MeshIoT.Cli.Coordinator;
using MeshIoT.Cli.Output;
using MeshIoT.Coordinator;
using MeshIoT.Health;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot policy: who may reach whom in the tailnet.</summary>
internal static class PolicyCommand
{
    static readonly Argument<string> File = new("file") { Description = "The policy's text (HuJSON); - reads standard input." };

    public static Command Build() => new("policy", "The tailnet's policy: who may reach whom.")
    {
        new Command("get",
            """
            Print the policy in force, as it was written.

            Example:
              meshiot policy get >policy.hujson
            """).Asks(GetAsync),
        new Command("set",
            """
            Put a policy in force. One with a fault, or with a test that does not hold, is refused with line and column, and nothing changes.

            Examples:
              meshiot policy set policy.hujson
              meshiot policy set - <policy.hujson
            """) { File, CoordinatorCall.Yes }.Asks(SetAsync),
        new Command("edit",
            """
            Edit the policy in force with the editor of VISUAL or EDITOR. What somebody else changed in between is not overwritten.

            Example:
              EDITOR=nano meshiot policy edit
            """).Asks(EditAsync),
        new Command("test",
            """
            Say what setting a policy would say, without doing it: its faults, and its tests against the users and nodes there are.

            Example:
              meshiot policy test policy.hujson
            """) { File }.Asks(TestAsync),
        PolicyCompileCommand.Build(),
    };

    static async Task<int> GetAsync(CoordinatorCall call)
    {
        PolicyDto policy = await call.GetAsync("api/v1/policy", CoordinatorJson.Default.PolicyDto);
        call.Print(policy, CoordinatorJson.Default.PolicyDto, () => Console.Out.Write(policy.Text.Length == 0 || policy.Text.EndsWith('\n') ? policy.Text : policy.Text + "\n"));
        return policy.Id == "0" ? call.Note("No policy was ever set: everybody may reach everybody.") : ExitCodes.Done;
    }

    static Task<int> SetAsync(CoordinatorCall call) => SetAsync(call, TextFile.Read(call.Value(File)), null);

    static async Task<int> SetAsync(CoordinatorCall call, string text, string? startedFrom)
    {
        PolicyDto policy = await call.SendAsync(HttpMethod.Put, "api/v1/policy", new PolicyTextDto { Text = text },
            CoordinatorJson.Default.PolicyTextDto, CoordinatorJson.Default.PolicyDto, startedFrom is null ? null : $"\"{startedFrom}\"");
        return call.Print(policy, CoordinatorJson.Default.PolicyDto, () => call.Note($"Policy {policy.Id} is in force."));
    }

    static async Task<int> TestAsync(CoordinatorCall call)
    {
        PolicyTestDto test = await call.SendAsync(HttpMethod.Post, "api/v1/policy/test", new PolicyTextDto { Text = TextFile.Read(call.Value(File)) },
            CoordinatorJson.Default.PolicyTextDto, CoordinatorJson.Default.PolicyTestDto);
        call.Print(test, CoordinatorJson.Default.PolicyTestDto, () =>
        {
            foreach (PolicyErrorDto error in test.Errors)
            {
                Console.Out.WriteLine($"{call.Value(File)}:{error.Line}:{error.Column}: {Words.Cell(error.Message)}");
            }
        });
        return test.Good ? call.Note("The policy is good.") : ExitCodes.Failed;
    }

    static async Task<int> EditAsync(CoordinatorCall call)
    {
        PolicyDto policy = await call.GetAsync("api/v1/policy", CoordinatorJson.Default.PolicyDto);
        using TextEditor editor = new(policy.Text.Length > 0 ? policy.Text : "{\n  // Who may reach whom.\n  \"grants\": [{\"src\": [\"*\"], \"dst\": [\"*\"], \"ip\": [\"*\"]}],\n}\n", ".hujson");
        string text = await editor.EditAsync();
        if (text == policy.Text)
        {
            return call.Note("Nothing was changed.");
        }

        try
        {
            return await SetAsync(call, text, policy.Id);
        }
        catch (FaultException)
        {
            call.Note("What you wrote is in " + editor.Keep());
            throw;
        }
    }
}
