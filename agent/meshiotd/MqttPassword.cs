using System.IO;
using System.Text;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Mqtt.Access;

namespace MeshIoT.Agent;

/// <summary>Makes a line of the file of MQTT users: the password comes by standard input and is not shown.</summary>
internal static class MqttPassword
{
    public static void Write(string name, TextReader from, TextWriter to)
    {
        if (!PasswordFile.IsUserName(name))
        {
            throw Faults.SettingMalformed.With("the user", name, "command line", "a name of at most 64 letters, digits, _ - . @").ToException();
        }

        byte[] password = Encoding.UTF8.GetBytes(from.ReadLine() ?? "");
        if (password.Length is 0 or > PasswordHash.LongestPassword)
        {
            throw Faults.SettingMalformed.With("the password", "…", "standard input", "a line of 1 to 1024 bytes").ToException();
        }

        to.WriteLine($"{name}:{PasswordHash.Make(password)}");
    }
}
