using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Xunit;

namespace MeshIoT.PortableGate.Tests;

/// <summary>The portable floor as built for netstandard2.1 stays inside what nanoFramework 1.x runs correctly.</summary>
public class PortableFloorTests
{
    [Theory]
    [InlineData("MeshIoT.Crypto")]
    [InlineData("MeshIoT.WireGuard")]
    [InlineData("MeshIoT.NetStack")]
    public void Nothing_in_the_assembly_would_go_wrong_on_a_microcontroller(string name)
    {
        using AssemblyDefinition assembly = new PortableAssembly(name).Read();
        IReadOnlyList<Violation> found = PortableGate.Inspect(assembly);
        Assert.True(found.Count == 0, $"{found.Count} constructs the microcontroller gate refuses:\n" + string.Join('\n', found.Take(60)));
    }

    [Theory]
    [InlineData("MeshIoT.Crypto")]
    [InlineData("MeshIoT.WireGuard")]
    [InlineData("MeshIoT.NetStack")]
    public void The_gate_looked_at_every_source_file_that_there_is(string name)
    {
        PortableAssembly portable = new(name);
        using AssemblyDefinition assembly = portable.Read();
        int methods = assembly.MainModule.GetTypes().Where(t => t.Namespace.StartsWith("MeshIoT.", System.StringComparison.Ordinal)).Sum(t => t.Methods.Count);
        if (portable.Sources.Count == 0)
        {
            Assert.Skip($"{name} has no source yet");
        }

        // A source file holds one type; partial files and companions even out. An old or empty build fails here.
        Assert.True(methods >= portable.Sources.Count, $"{methods} methods in the build of {portable.Sources.Count} source files");
        foreach (string source in portable.Sources)
        {
            string type = System.IO.Path.GetFileNameWithoutExtension(source).Split('.')[0];
            Assert.Contains(assembly.MainModule.GetTypes(), t => t.Name == type);
        }
    }
}
