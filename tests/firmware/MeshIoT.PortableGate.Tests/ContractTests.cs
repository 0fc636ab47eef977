using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace MeshIoT.PortableGate.Tests;

/// <summary>
/// The portable sources compile against a hand-written library that holds only what nanoFramework 1.x has: whatever its compiler would
/// refuse is refused here. This is a build against signatures; it says nothing about a device.
/// </summary>
public sealed class ContractTests(ContractCompiler compiler) : IClassFixture<ContractCompiler>
{
    [Fact]
    public void The_portable_sources_compile_against_the_contract_and_nothing_else()
    {
        List<string> built = [];
        foreach (string name in new[] { "MeshIoT.Crypto", "MeshIoT.WireGuard", "MeshIoT.NetStack" })
        {
            IReadOnlyList<string> errors = compiler.Compile(name, built, new PortableAssembly(name).Sources);
            Assert.True(errors.Count == 0, $"{name}: {errors.Count} errors\n" + string.Join('\n', errors.Take(40)));
            built.Add(name);
        }
    }

    [Fact]
    public void Every_construct_that_the_microcontrollers_compiler_refuses_is_refused()
    {
        string[] refused = Directory.GetFiles(Path.Combine(PortableAssembly.Root, "tests", "firmware", "MeshIoT.PortableGate.Tests", "Refused"), "*.cs");
        Assert.True(refused.Length > 15);

        // The compiler works in phases and stops after the first with an error, so those it named are taken out and the rest is tried again.
        List<string> passed = [.. refused];
        for (int round = 0; passed.Count > 0 && round < 6; round++)
        {
            IReadOnlyList<string> errors = compiler.Compile("Refused", [], passed);

            // An error without a place (a type the compiler itself needs) is the last file's when only one is left.
            bool nameless = passed.Count == 1 && errors.Count > 0;
            passed.RemoveAll(f => nameless || errors.Any(e => e.Contains("/" + Path.GetFileName(f), System.StringComparison.Ordinal)));
        }

        Assert.Equal([], passed.Select(Path.GetFileName));
    }
}
