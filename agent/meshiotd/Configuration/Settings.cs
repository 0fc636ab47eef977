using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using MeshIoT.Health;
using MeshIoT.Linux;
using MeshIoT.Node;
using MeshIoT.Sensors.Gpio;

namespace MeshIoT.Agent.Configuration;

/// <summary>
/// The agent's settings: flag before MESHIOT_* before the file before the default. Each is read when it is asked for, so that
/// an error names the place the bad value stands in.
/// </summary>
internal sealed class Settings
{
    public static readonly Setting[] All =
    [
        new("state_dir", "", "a directory", "Where keys and login are kept (default /var/lib/meshiot; not root: ~/.local/state/meshiot)."),
        new("socket", "", "a path", "The local socket (default /run/meshiot/meshiotd.sock; not root: the user's runtime directory)."),
        new("tun", "auto", "auto, kernel or userspace", "kernel: an interface for all programs (root). userspace: inside this process. auto: kernel if possible."),
        new("tun_name", "meshiot0", "an interface name of at most 15 characters", "Name of the tunnel interface."),
        new("tun_mtu", "1280", "bytes from 1280 to 4000", "Largest packet inside the tunnel; more only where all ways between the nodes carry 80 bytes more than that."),
        new("offloads", "all", "all, none, or some of tun-tcp, tun-udp, udp-gso and udp-gro with commas", "What the kernel may do for many packets at once; what it cannot is left out by itself."),
        new("udp_bind", "", "an IP address of this machine", "Bind the WireGuard port to one address (default: all)."),
        new("udp_port", "41641", "a port from 0 to 65535", "The WireGuard port; 0 takes any free one."),
        new("port_mapping", "true", "true or false", "Ask the router to open the WireGuard port (NAT-PMP, PCP, UPnP)."),
        new("low_data", "false", "true or false", "For links that are paid by the megabyte: ask the network about paths less often."),
        new("hostname", "", "a host name", "Name to ask the coordinator for (default: this machine's)."),
        new("login_server", "", "a URL", "The coordinator, where \"meshiot up\" does not say."),
        new("renew_key_before", "", "days from 0 to 365", "How long before its login ends the node renews it; 0: never by itself (default: a tenth of its life)."),
        new("web_listen", "", "IP:PORT of this machine", "Serve the page here too, outside the tailnet (default: nowhere)."),
        new("web_token_file", "", "a file with a token of 16 to 256 printable characters on its first line", "Who has this token may set outputs through web_listen (default: nobody may)."),
        new("web_switch", "policy", "policy or peers", "Which peers may set outputs through the tailnet: those the policy grants meshiot.dev/cap/switch, or all that reach port 80."),
        new("sample_interval", "10", "seconds from 0.1 to 86400", "How often the sensors are read."),
        new("gpio_driver", "auto", "auto, kernel, libgpiod2 or libgpiod1", "How GPIO lines are used. auto: the kernel's character device, libgpiod 1 on kernels before 5.10."),
        new("sensors", "host", "host, sim, or both with a comma", "Which sensors this gateway has."),
    ];

    readonly Dictionary<string, SettingValue> values;

    Settings(Dictionary<string, SettingValue> values) => this.values = values;

    /// <summary>Gathers the settings; unknown names are refused with the nearest known one.</summary>
    /// <param name="flags">Flags by key.</param>
    /// <param name="variable">Looks an environment variable up.</param>
    /// <param name="file">What the file sets, by key.</param>
    public static Settings From(
        IReadOnlyDictionary<string, SettingValue> flags, Func<string, string?> variable, IReadOnlyDictionary<string, SettingValue> file)
    {
        Dictionary<string, SettingValue> values = new(StringComparer.Ordinal);
        foreach (Setting s in All)
        {
            values[s.Key] = flags.GetValueOrDefault(s.Key)
                ?? (variable(s.Variable) is { Length: > 0 } text ? new SettingValue(text, s.Variable) : null)
                ?? file.GetValueOrDefault(s.Key)
                ?? new SettingValue(s.Default, "default");
        }

        return new Settings(values);
    }

    public SettingValue this[string key] => values[key];

    public string Text(string key) => values[key].Text;

    public IPAddress? UdpBind => Text("udp_bind").Length == 0 ? null
        : IPAddress.TryParse(Text("udp_bind"), out IPAddress? ip) ? ip : throw Malformed("udp_bind");

    public int UdpPort => ushort.TryParse(Text("udp_port"), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
        ? port : throw Malformed("udp_port");

    public bool PortMapping => bool.TryParse(Text("port_mapping"), out bool wanted) ? wanted : throw Malformed("port_mapping");

    public bool LowData => bool.TryParse(Text("low_data"), out bool wanted) ? wanted : throw Malformed("low_data");

    public Uri? LoginServer => Text("login_server").Length == 0 ? null
        : Uri.TryCreate(Text("login_server"), UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" ? url : throw Malformed("login_server");

    public IPEndPoint? WebListen => Text("web_listen").Length == 0 ? null
        : IPEndPoint.TryParse(Text("web_listen"), out IPEndPoint? at) && at.Port > 0 ? at : throw Malformed("web_listen");

    public bool WebSwitchForAll => Text("web_switch") is "policy" or "peers" ? Text("web_switch") == "peers" : throw Malformed("web_switch");

    /// <summary>The token of web_listen; empty: there is none. Throws when the file cannot be read or holds none.</summary>
    public byte[] ReadWebToken()
    {
        if (Text("web_token_file").Length == 0)
        {
            return [];
        }

        try
        {
            using StreamReader file = new(Text("web_token_file"));
            char[] start = new char[258];
            int length = file.ReadBlock(start);
            string token = new string(start, 0, length).Split('\n')[0].TrimEnd('\r');
            return token.Length is >= 16 and <= 256 && token.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
                ? System.Text.Encoding.ASCII.GetBytes(token) : throw Malformed("web_token_file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Malformed("web_token_file");
        }
    }

    public string Tun => Text("tun") is "auto" or "kernel" or "userspace" ? Text("tun") : throw Malformed("tun");

    public string TunName => Text("tun_name") is { Length: > 0 and <= 15 } name && name.AsSpan().IndexOfAny("/ :") < 0 ? name : throw Malformed("tun_name");

    public int TunMtu => int.TryParse(Text("tun_mtu"), NumberStyles.None, CultureInfo.InvariantCulture, out int mtu) && mtu is >= 1280 and <= 4000
        ? mtu : throw Malformed("tun_mtu");

    public Offloads Offloads => OffloadNames.TryParse(Text("offloads"), out Offloads offloads) ? offloads : throw Malformed("offloads");

    public TimeSpan SampleInterval =>
        double.TryParse(Text("sample_interval"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double s) && s is >= 0.1 and <= 86_400
            ? TimeSpan.FromSeconds(s) : throw Malformed("sample_interval");

    public TimeSpan? RenewKeyBefore => Text("renew_key_before").Length == 0 ? null
        : double.TryParse(Text("renew_key_before"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double d) && d <= 365
            ? TimeSpan.FromDays(d) : throw Malformed("renew_key_before");

    public GpioDriverChoice GpioDriver => Text("gpio_driver") switch
    {
        "auto" => GpioDriverChoice.Auto,
        "kernel" => GpioDriverChoice.Kernel,
        "libgpiod2" => GpioDriverChoice.Libgpiod2,
        "libgpiod1" => GpioDriverChoice.Libgpiod1,
        _ => throw Malformed("gpio_driver"),
    };

    /// <summary>Whether the sensors of <paramref name="source"/> ("host", "sim") are wanted.</summary>
    public bool HasSensors(string source)
    {
        bool found = false;
        foreach (string part in Text("sensors").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            found |= part is "host" or "sim" ? part == source : throw Malformed("sensors");
        }

        return found;
    }

    public string StateDirectory => Text("state_dir") is { Length: > 0 } given ? Path.GetFullPath(given)
        : Environment.IsPrivilegedProcess ? "/var/lib/meshiot"
        : Path.Combine(Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } xdg ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"), "meshiot");

    /// <summary>Reads every setting once, so that a bad one is found before anything starts.</summary>
    public void Check() => _ = (UdpBind, UdpPort, PortMapping, LowData, LoginServer, WebListen, Tun, TunName, TunMtu, Offloads, SampleInterval, HasSensors("host"), StateDirectory, RenewKeyBefore, GpioDriver);

    FaultException Malformed(string key) => Faults.SettingMalformed.With(
        key, values[key].Text, values[key].Origin, Array.Find(All, s => s.Key == key)!.Expects).ToException();
}
