namespace MeshIoT.Health;

/// <summary>Exit codes of every MeshIoT program; the numbers are nmcli's where nmcli has one.</summary>
public static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>It failed, or the answer is "no".</summary>
    public const int Failed = 1;

    /// <summary>The command line or a configuration file is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Time ran out.</summary>
    public const int TimedOut = 3;

    /// <summary>Refused: permission, policy, or a bad key.</summary>
    public const int Refused = 4;

    /// <summary>The agent (or coordinator) does not answer.</summary>
    public const int Unreachable = 8;

    /// <summary>No such node, key or sensor.</summary>
    public const int NotFound = 10;
}
