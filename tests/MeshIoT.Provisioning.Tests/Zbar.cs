using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using Xunit;

namespace MeshIoT.Provisioning.Tests;

/// <summary>Debian's zbarimg; a test that needs it is skipped, with the reason, where it is not installed.</summary>
internal static class Zbar
{
    public static string Decode(byte[] picture)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, picture);
            ProcessStartInfo start = new("zbarimg", ["--raw", "-q", "--nodbus", "-Sdisable", "-Sqrcode.enable", file]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using Process zbar = Process.Start(start)!;
            string text = zbar.StandardOutput.ReadToEnd();
            zbar.WaitForExit();
            return text.TrimEnd('\n');
        }
        catch (Win32Exception)
        {
            Assert.Skip("zbarimg is not installed (apt-get install zbar-tools)");
            return "";
        }
        finally
        {
            File.Delete(file);
        }
    }
}
