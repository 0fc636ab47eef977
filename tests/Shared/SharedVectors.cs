using System;
using System.IO;
using Xunit;

namespace MeshIoT.Tests;

/// <summary>Vectors that others produced, kept beside the project in <c>../shared/vectors</c>; absent in a user's clone.</summary>
internal static class SharedVectors
{
    /// <summary>Full path of a vector file, or a skipped test where the folder is not there.</summary>
    public static string PathOf(string relative)
    {
        for (DirectoryInfo? d = new(AppContext.BaseDirectory); d is not null; d = d.Parent)
        {
            if (!File.Exists(Path.Combine(d.FullName, "MeshIoT.sln")))
            {
                continue;
            }

            string path = Path.Combine(d.Parent!.FullName, "shared", "vectors", relative);
            if (File.Exists(path))
            {
                return path;
            }
        }

        Assert.Skip($"shared vectors not here: {relative}");
        return "";
    }
}
