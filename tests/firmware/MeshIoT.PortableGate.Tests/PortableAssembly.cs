using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mono.Cecil;

namespace MeshIoT.PortableGate.Tests;

/// <summary>A project of the portable floor and its netstandard2.1 build, in the configuration the tests run in.</summary>
internal sealed class PortableAssembly(string name)
{
    /// <summary>The folder of the solution.</summary>
    public static readonly string Root = FindRoot();

    static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    string Folder => Path.Combine(Root, "agent", name);

    string File => Path.Combine(Folder, "bin", Configuration, "netstandard2.1", name + ".dll");

    /// <summary>The sources that belong to the netstandard2.1 build.</summary>
    public IReadOnlyList<string> Sources => Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
        .Where(f => !Path.GetRelativePath(Folder, f).StartsWith("obj/", StringComparison.Ordinal)
            && !Path.GetRelativePath(Folder, f).StartsWith("bin/", StringComparison.Ordinal)
            && !Path.GetRelativePath(Folder, f).StartsWith("Accelerated/", StringComparison.Ordinal)).ToList();

    /// <summary>Opens the build for reading; sibling assemblies resolve beside it.</summary>
    public AssemblyDefinition Read()
    {
        DefaultAssemblyResolver resolver = new();
        resolver.AddSearchDirectory(Path.GetDirectoryName(File));
        return AssemblyDefinition.ReadAssembly(File, new ReaderParameters { AssemblyResolver = resolver, InMemory = true });
    }

    static string FindRoot()
    {
        DirectoryInfo? d = new(AppContext.BaseDirectory);
        while (d is not null && !System.IO.File.Exists(Path.Combine(d.FullName, "MeshIoT.sln")))
        {
            d = d.Parent;
        }

        return d?.FullName ?? throw new InvalidOperationException("MeshIoT.sln not found above the test");
    }
}
