using System.Globalization;

namespace DisruptorStream.Rings.Machine;

/// <summary>The processors that the scheduler may run this process on, in the kernel's list form: "0-3,8".</summary>
internal static class ProcessorList
{
    private const string AllowedPrefix = "Cpus_allowed_list:";

    /// <summary>How many there are according to proc/self/status; null when it does not say.</summary>
    public static int? ReadAllowed(string rootPath)
    {
        foreach (var line in TextFile.ReadLinesOrNone(Path.Combine(rootPath, "proc/self/status")))
        {
            if (line.StartsWith(AllowedPrefix, StringComparison.Ordinal))
                return Count(line.AsSpan(AllowedPrefix.Length));
        }

        return null;
    }

    /// <summary>Counts the members of a list; null when it is empty or malformed.</summary>
    public static int? Count(ReadOnlySpan<char> list)
    {
        var count = 0;
        foreach (var part in list.Split(','))
        {
            var range = list[part].Trim();
            var dash = range.IndexOf('-');
            var from = dash < 0 ? range : range[..dash];
            var to = dash < 0 ? range : range[(dash + 1)..];
            if (!TryParse(from, out var first) || !TryParse(to, out var last) || last < first)
                return null;

            count += last - first + 1;
        }

        return count;
    }

    private static bool TryParse(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
