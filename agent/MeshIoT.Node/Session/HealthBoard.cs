using System;
using MeshIoT.Health;

namespace MeshIoT.Node.Session;

/// <summary>The node's faults that hold now, at most one per topic. Any thread.</summary>
internal sealed class HealthBoard(Action changed) : FaultBoard<HealthTopic>(changed);
