using System.IO;
using System.Text;
using Xunit;

namespace MeshIoT.Linux.Tests;

/// <summary>Pages of files that only copy what is on the disk go, and everything goes on as before.</summary>
public class ResidentPagesTests
{
    [Fact]
    public void What_only_copies_files_is_given_back_and_nothing_is_lost()
    {
        // This process runs the runtime's libraries, megabytes of them: on any Linux there is something to give back.
        byte[] before = File.ReadAllBytes(typeof(ResidentPagesTests).Assembly.Location);
        long released = ResidentPages.Release();
        Assert.InRange(released, 64 * 1024, 1L << 30);
        Assert.Equal(before, File.ReadAllBytes(typeof(ResidentPagesTests).Assembly.Location));

        // Code, constants and relocated data of all libraries are as they were: they work, and doing it again is no different.
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("äöü", Encoding.UTF8.GetString(Encoding.UTF8.GetBytes("äöü")));
            Assert.True(ResidentPages.Release() >= 0);
        }
    }
}
