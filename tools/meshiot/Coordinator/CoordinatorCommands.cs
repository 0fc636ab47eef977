using System;
using System.CommandLine;
using System.Threading.Tasks;
using MeshIoT.Cli.Commands;

namespace MeshIoT.Cli.Coordinator;

/// <summary>Makes a command one that asks the coordinator.</summary>
internal static class CoordinatorCommands
{
    /// <summary>Adds the options that all of them have, and runs <paramref name="action"/> with a client.</summary>
    public static Command Asks(this Command command, Func<CoordinatorCall, Task<int>> action)
    {
        command.Add(CoordinatorCall.Coordinator);
        command.Add(CoordinatorCall.TokenFile);
        return command.Runs(async (parsed, ct) =>
        {
            CoordinatorAddress address = CoordinatorAddress.Read(parsed.GetValue(CoordinatorCall.Coordinator));
            string? token = address.Url is null ? null : address.ReadToken(parsed.GetValue(CoordinatorCall.TokenFile));
            using CoordinatorClient client = new(address, token);
            return await action(new CoordinatorCall(parsed, client, ct));
        });
    }
}
