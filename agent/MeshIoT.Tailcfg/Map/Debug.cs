namespace MeshIoT.Tailcfg;

/// <summary>Settings the server sends to its clients. control-plane.md section 5.3.</summary>
public sealed record Debug
{
    /// <summary>Pause before the next request.</summary>
    public double SleepSeconds { get; set; }

    /// <summary>Do not upload logs.</summary>
    public bool DisableLogTail { get; set; }

    /// <summary>Asks the program to end; ours does not.</summary>
    public int? Exit { get; set; }
}
