using System;

namespace MeshIoT.Relay;

/// <summary>Where the relay says what it has seen, one line an event: (is it a warning, the line). Null says nothing.</summary>
public sealed class RelayLog(Action<bool, string>? write)
{
    /// <summary>Something ordinary.</summary>
    public void Info(string line) => write?.Invoke(false, line);

    /// <summary>Something that somebody should look at.</summary>
    public void Warn(string line) => write?.Invoke(true, line);
}
