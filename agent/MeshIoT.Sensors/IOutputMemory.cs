using System.Collections.Generic;
using MeshIoT.Health;

namespace MeshIoT.Sensors;

/// <summary>Keeps what outputs were commanded to over a restart.</summary>
public interface IOutputMemory
{
    /// <summary>What was kept; empty when there is nothing or it cannot be read. Never throws.</summary>
    IReadOnlyList<SavedOutput> Load();

    /// <summary>Keeps this in place of what was kept. Never throws.</summary>
    /// <returns>Null when it is safe on the disk.</returns>
    FaultReport? Save(IReadOnlyList<SavedOutput> outputs);
}
