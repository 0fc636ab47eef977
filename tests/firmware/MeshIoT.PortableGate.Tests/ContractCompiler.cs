using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Reflection;

namespace MeshIoT.PortableGate.Tests;

/// <summary>Runs the SDK's C# compiler, language version 10, against the contract library and nothing else.</summary>
public sealed class ContractCompiler : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("meshiot-contract-").FullName;

    public ContractCompiler()
    {
        string contract = Path.Combine(PortableAssembly.Root, "tests", "firmware", "MeshIoT.PortableGate.Tests", "Contract");
        IReadOnlyList<string> errors = Compile("mscorlib", [], Directory.GetFiles(contract, "*.cs"));
        if (errors.Count != 0)
        {
            throw new InvalidOperationException("the contract library does not compile:\n" + string.Join('\n', errors));
        }
    }

    /// <summary>Compiles a library that may use the contract and earlier libraries of this compiler; returns the error lines.</summary>
    public IReadOnlyList<string> Compile(string name, IEnumerable<string> references, IEnumerable<string> sources)
    {
        string response = Path.Combine(folder, name + ".rsp");
        IEnumerable<string> libraries = name == "mscorlib" ? [] : [.. references, "mscorlib"];
        File.WriteAllLines(response,
        [
            "-noconfig", "-nostdlib", "-nologo", "-target:library", "-langversion:10", "-deterministic", "-warn:0",
            name == "mscorlib" ? "-nullable:disable" : "-nullable:enable",
            $"-out:\"{LibraryOf(name)}\"",
            .. libraries.Select(r => $"-r:\"{LibraryOf(r)}\""),
            .. sources.Select(s => $"\"{s}\""),
        ]);
        ProcessStartInfo start = new(Metadata("DotNetHost")) { RedirectStandardOutput = true };
        foreach (string argument in new[] { "exec", Metadata("Compiler"), "@" + response })
        {
            start.ArgumentList.Add(argument);
        }

        using Process compiler = Process.Start(start)!;
        List<string> errors = [.. compiler.StandardOutput.ReadToEnd().Split('\n').Where(l => l.Contains("error ", StringComparison.Ordinal))];
        compiler.WaitForExit();
        return compiler.ExitCode == 0 || errors.Count > 0 ? errors : [$"the compiler ended with {compiler.ExitCode}"];
    }

    public void Dispose() => Directory.Delete(folder, true);

    string LibraryOf(string name) => Path.Combine(folder, name + ".dll");

    static string Metadata(string key) => typeof(ContractCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
