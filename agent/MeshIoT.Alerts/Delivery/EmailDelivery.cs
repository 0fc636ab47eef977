using System;
using System.IO;
using System.Net;
using System.Net.Mail;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Alerts.Delivery;

/// <summary>
/// Sends each message as an e-mail, by the runtime's SMTP client: it is in every program already, and this is all that is asked of it (RFC 5321
/// with STARTTLS and sign-in).
/// </summary>
public sealed class EmailDelivery(EmailOptions options) : IDelivery
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public string Name => "e-mail";

    /// <inheritdoc/>
    public async Task<string?> SendAsync(AlertMessage message, CancellationToken ct)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            using MailMessage mail = new() { From = new MailAddress(options.From), Subject = Line(message.Title), Body = message.Text, SubjectEncoding = Encoding.UTF8, BodyEncoding = Encoding.UTF8 };
            foreach (string to in options.To)
            {
                mail.To.Add(new MailAddress(to));
            }

            // Mail programs show what is one alert as one conversation; nobody's out-of-office answers to it.
            mail.Headers.Add("Auto-Submitted", "auto-generated");
            mail.Headers.Add("X-MeshIoT-Alert", Line(message.Code + " " + message.Topic));
            using SmtpClient client = new(options.Server, options.Port) { EnableSsl = options.UsesTls, Timeout = (int)Patience.TotalMilliseconds };
            if (options.User.Length > 0)
            {
                string password = options.PasswordFile is { } file ? (await File.ReadAllTextAsync(file, limit.Token).ConfigureAwait(false)).TrimEnd('\r', '\n') : "";
                client.Credentials = new NetworkCredential(options.User, password);
            }

            await client.SendMailAsync(mail, limit.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"{options.Server} did not answer within {Patience.TotalSeconds:0} s";
        }
        catch (SmtpException e)
        {
            // The server's words may hold addresses and names; its code says enough.
            return $"{options.Server}:{options.Port} does not take it ({e.StatusCode}{(e.InnerException is { } inner ? ", " + inner.GetType().Name : "")})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the password file {options.PasswordFile} cannot be read";
        }
        catch (FormatException)
        {
            return "an address is no e-mail address";
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    static string Line(string text) => text.ReplaceLineEndings(" ");
}
