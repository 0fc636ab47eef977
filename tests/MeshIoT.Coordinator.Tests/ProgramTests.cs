using System;
using System.IO;
using System.Threading.Tasks;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>The program as a person meets it: one line and an exit code for each thing that can be in its way.</summary>
public sealed class ProgramTests : IDisposable
{
    readonly TemporaryDirectory temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public async Task It_says_ready_serves_and_ends_with_zero_on_sigterm_leaving_no_socket()
    {
        using RunningCoordinator running = RunningCoordinator.Start(temporary);
        Assert.False((await running.FetchKeyAsync()).IsZero);
        Assert.True(File.Exists(temporary.Of("c.sock")));
        Assert.Equal(ExitCodes.Done, running.Terminate());
        Assert.False(File.Exists(temporary.Of("c.sock")));
        Assert.Equal("", running.Errors.Trim());
    }

    [Fact]
    public void A_port_or_socket_or_state_in_use_and_a_stale_socket_file_are_told_apart()
    {
        using (RunningCoordinator first = RunningCoordinator.Start(temporary))
        {
            Expect("listen-address-in-use", ExitCodes.Failed, "serve", "--listen", first.Listening.ToString(), "--state", temporary.Of("other"), "--socket", temporary.Of("d.sock"));
            Expect("admin-socket-failed", ExitCodes.Failed, "serve", "--listen", "127.0.0.1:0", "--state", temporary.Of("other"), "--socket", temporary.Of("c.sock"));
            Expect("state-busy", ExitCodes.Failed, "serve", "--listen", "127.0.0.1:0", "--state", temporary.Of("state"), "--socket", temporary.Of("d.sock"));
            first.Kill();
        }

        Assert.True(File.Exists(temporary.Of("c.sock")));
        using RunningCoordinator second = RunningCoordinator.Start(temporary);
    }

    [Fact]
    public void Damaged_state_and_wrong_options_end_in_one_line()
    {
        Directory.CreateDirectory(temporary.Of("state"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(temporary.Of("state/coordinator.db"), "this is not a database, it is a shopping list");
        Expect("state-corrupted", ExitCodes.Failed, "serve", "--listen", "127.0.0.1:0", "--state", temporary.Of("state"), "--socket", temporary.Of("c.sock"));
        Assert.StartsWith("this is not", File.ReadAllText(temporary.Of("state/coordinator.db")), StringComparison.Ordinal);
        Expect("coordinator-option-invalid", ExitCodes.Usage, "serve", "--listen", "nonsense");
        Expect("usage", ExitCodes.Usage, "serve", "--no-such-option");
        (int code, string help, _) = RunningCoordinator.Run("serve", "--help");
        Assert.Equal(ExitCodes.Done, code);
        Assert.Contains("Examples:", help);
    }

    static void Expect(string code, int exit, params string[] arguments)
    {
        (int exitCode, string output, string errors) = RunningCoordinator.Run(arguments);
        Assert.Equal((exit, ""), (exitCode, output));
        Assert.StartsWith("meshiot-coordinator: " + code + ": ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors);
    }
}
