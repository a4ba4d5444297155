using System.Buffers;

namespace DisruptorStream.Cluster.Logs;

/// <summary>Checks what every log asks of records, so that a record of one can be a record of another.</summary>
public static class LogRecords
{
    /// <summary>The most characters of the id of a record, and of the name of a header.</summary>
    public const int MaxIdLength = 200;

    private const string NatsPrefix = "Nats-";

    private static readonly SearchValues<char> AllowedInNames = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>The record, if a log takes it; one without headers has an empty list of them.</summary>
    /// <param name="record">
    /// Names of headers have letters, digits, '-' and '_', up to <see cref="MaxIdLength"/> of them, and do not begin
    /// with "Nats-"; each comes once. Values are printable ASCII, without spaces at their ends, and may be empty.
    /// </param>
    /// <exception cref="ArgumentException">A header cannot be; the message names it.</exception>
    public static LogRecord Checked(LogRecord record)
    {
        if (record.Headers is not { } headers)
            return record with { Headers = [] };
        for (var index = 0; index < headers.Count; index++)
        {
            var (name, value) = headers[index];
            if (string.IsNullOrEmpty(name) || name.Length > MaxIdLength || value is null
                || name.AsSpan().ContainsAnyExcept(AllowedInNames) || !IsPrintable(value) || IsPadded(value)
                || name.StartsWith(NatsPrefix, StringComparison.OrdinalIgnoreCase))
            {
                throw new ArgumentException(
                    $"The header '{name}: {value}' cannot be: a name has 1 to {MaxIdLength} letters, digits, '-' and "
                    + "'_', and does not begin with 'Nats-'; a value is printable ASCII without spaces at its ends.",
                    nameof(record));
            }

            for (var other = 0; other < index; other++)
            {
                if (string.Equals(headers[other].Key, name, StringComparison.OrdinalIgnoreCase))
                    throw new ArgumentException($"The header '{name}' is there twice.", nameof(record));
            }
        }

        return record;
    }

    /// <summary>The id of a record, if it may be one.</summary>
    /// <param name="id">
    /// Printable ASCII without spaces at its ends; 1 to <see cref="MaxIdLength"/> characters.
    /// </param>
    /// <exception cref="ArgumentException">It may not.</exception>
    public static string CheckedId(string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return id.Length <= MaxIdLength && IsPrintable(id) && !IsPadded(id)
            ? id
            : throw new ArgumentException(
                $"The id '{id}' cannot be: it has 1 to {MaxIdLength} characters of printable ASCII, and no spaces at "
                + "its ends.",
                nameof(id));
    }

    private static bool IsPrintable(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static bool IsPadded(string text) => text.Length > 0 && (text[0] == ' ' || text[^1] == ' ');
}
