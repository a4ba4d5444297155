namespace DisruptorStream.Crash.Workloads;

/// <summary>One event.</summary>
/// <param name="Ticks">Its time.</param>
/// <param name="User">A key. Each comes for a while, and goes.</param>
/// <param name="Device">Another key.</param>
/// <param name="Value">A measure.</param>
internal readonly record struct Reading(long Ticks, string User, int Device, double Value)
{
    private const long Start = 1_000_000;
    private const int UsersAtOnce = 9;
    private const int EventsPerUser = 300;

    /// <summary>The event with a number: the same one each time.</summary>
    public static Reading Of(int seed, int number)
    {
        var random = Mix(((ulong)(uint)seed << 32) | (uint)number);
        var jitter = (long)(random % 300) - 150;

        // Some come too late for all windows, and some for the first result of theirs.
        if ((random >> 10) % 50 == 0)
            jitter -= (long)((random >> 20) % 2_000);
        return new Reading(
            Start + (number * 10L) + jitter,
            $"user-{(number / EventsPerUser) + (int)((random >> 32) % UsersAtOnce)}",
            (int)((random >> 40) % 37),
            (random >> 48) % 1_000);
    }

    /// <summary>SplitMix64: any number becomes a random one.</summary>
    public static ulong Mix(ulong value)
    {
        value += 0x9E37_79B9_7F4A_7C15;
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
