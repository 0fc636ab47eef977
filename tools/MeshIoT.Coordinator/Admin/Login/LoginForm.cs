using System;
using System.Text;

namespace MeshIoT.Coordinator;

/// <summary>The one field of the login page's form, out of a body of type application/x-www-form-urlencoded.</summary>
internal static class LoginForm
{
    /// <summary>Longest body that is read, in bytes.</summary>
    public const int MaxBytes = 1024;

    /// <summary>What was typed; empty when the field is not there.</summary>
    public static string Code(byte[] body)
    {
        foreach (string pair in Encoding.UTF8.GetString(body).Split('&'))
        {
            if (pair.StartsWith("code=", StringComparison.Ordinal))
            {
                return Uri.UnescapeDataString(pair["code=".Length..].Replace('+', ' ')).Trim();
            }
        }

        return "";
    }
}
