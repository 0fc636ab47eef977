using System.CommandLine;

namespace MeshIoT.Cli.Commands;

/// <summary>meshiot debug: looks inside; what it prints may change from version to version.</summary>
internal static class DebugCommand
{
    public static Command Build() => new("debug", "Look inside the agent. What these print may change from one version to the next.")
    {
        DebugPathCommand.Build(),
    };
}
