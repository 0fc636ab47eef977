using System.CommandLine;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot policy: who may reach whom in the tailnet.</summary>
internal static class PolicyCommand
{
    public static Command Build() => new("policy", "The tailnet's policy: who may reach whom.")
    {
        PolicyCompileCommand.Build(),
    };
}
