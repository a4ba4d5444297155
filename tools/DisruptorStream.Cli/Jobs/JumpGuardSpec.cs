using System.Globalization;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows.Texts;

namespace DisruptorStream.Cli.Jobs;

/// <summary>Reads a guard against jumps of time: a length, and how many keys and events confirm one.</summary>
internal static class JumpGuardSpec
{
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static JumpGuardOptions Parse(string text)
    {
        var parts = text.Split('/');
        if (parts.Length > 3)
        {
            throw new FormatException(
                $"'{text}' has more than three parts; write JUMP, JUMP/KEYS or JUMP/KEYS/EVENTS.");
        }

        var jump = Duration.Parse(parts[0]);
        if (jump <= TimeSpan.Zero)
            throw new FormatException($"'{parts[0]}' is no jump; it must be above zero, such as 1h.");
        var guard = new JumpGuardOptions(jump);
        if (parts.Length > 1)
            guard = guard with { Keys = Count(parts[1]) };
        return parts.Length > 2 ? guard with { Events = Count(parts[2]) } : guard;
    }

    private static int Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is >= 1 and <= JumpGuardOptions.MostHeld
            ? count
            : throw new FormatException(
                $"'{text}' is no count; it must be a number from 1 to {JumpGuardOptions.MostHeld}.");
}
