using System.IO;
using System.Text.Json;
using MeshIoT.Node.State;

namespace MeshIoT.Node.Tests;

/// <summary>Looks at a state file beside the node that owns it.</summary>
static class StateReader
{
    public static NodeState Read(string path) => JsonSerializer.Deserialize(File.ReadAllBytes(path), NodeStateJson.Default.NodeState)!;
}
