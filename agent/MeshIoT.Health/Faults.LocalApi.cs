namespace MeshIoT.Health;

/// <summary>Faults between the programs of one machine.</summary>
public static partial class Faults
{
    /// <summary>Nobody listens on the agent's socket.</summary>
    public static readonly Fault AgentNotRunning = new(
        "agent-not-running", Severity.High, ExitCodes.Unreachable,
        "meshiotd does not answer at {0}.", "Start it (\"systemctl start meshiotd\", or \"meshiotd\" in a terminal), or name its socket with --socket.");

    /// <summary>Nobody listens on the coordinator's socket.</summary>
    public static readonly Fault CoordinatorNotRunning = new(
        "coordinator-not-running", Severity.High, ExitCodes.Unreachable,
        "No coordinator answers at {0}.", "Run this on the coordinator's machine while \"meshiot-coordinator serve\" runs, or name its socket with --coordinator.");

    /// <summary>The socket may not be opened by this user.</summary>
    public static readonly Fault SocketRefused = new(
        "socket-refused", Severity.High, ExitCodes.Refused,
        "This user may not talk to the program behind that socket.", "Run the command as the user that started it, or with sudo.");

    /// <summary>The other side is not what it should be.</summary>
    public static readonly Fault AnswerNotUnderstood = new(
        "answer-not-understood", Severity.High, ExitCodes.Failed,
        "The other side gave an answer that is not of its interface (status {0}).", "Check that both programs are of one version (\"meshiot version\").");
}
