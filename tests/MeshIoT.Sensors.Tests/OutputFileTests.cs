using System.IO;
using Xunit;

namespace MeshIoT.Sensors.Tests;

public class OutputFileTests
{
    [Fact]
    public void What_is_saved_is_loaded_and_nonsense_is_nothing()
    {
        using FakeTree tree = new();
        string path = tree.Root + "/outputs.json";
        OutputFile file = new(path);
        Assert.Empty(file.Load());
        Assert.Null(file.Save([new("pump", 1, 0), new("fan", 37.5, 1_700_000_000_000)]));
        Assert.Equal([new("pump", 1, 0), new("fan", 37.5, 1_700_000_000_000)], file.Load());
        foreach (string bad in (string[])["", "{", "null", "[null]", "[{\"value\":1}]", "[1]", new string('[', 300_000)])
        {
            File.WriteAllText(path, bad);
            Assert.Empty(file.Load());
        }

        Assert.Equal("outputs-not-kept", new OutputFile(tree.Root + "/missing/outputs.json").Save([])!.Fault.Code);
    }
}
