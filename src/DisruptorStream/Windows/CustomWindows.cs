namespace DisruptorStream.Windows;

/// <summary>The user's assigner, behind a face that does not name its type.</summary>
internal abstract class CustomWindows
{
    public abstract int MaxWindowsPerEvent { get; }

    /// <summary>The type of the rule.</summary>
    public abstract Type AssignerType { get; }

    /// <summary>Creates the adapter for an assigner; to be called where its type is known.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The assigner states a number of windows that is not 1 to 1024.
    /// </exception>
    public static CustomWindows Create<TAssigner>(TAssigner assigner)
        where TAssigner : struct, IWindowAssigner
    {
        var most = assigner.MaxWindowsPerEvent;
        if (most is < 1 or > 1024)
        {
            throw new ArgumentOutOfRangeException(
                nameof(assigner), most, $"{typeof(TAssigner).Name}.MaxWindowsPerEvent must be 1 to 1024; it was "
                    + $"{most}.");
        }

        return new Adapter<TAssigner>(assigner);
    }

    /// <summary>Writes the windows of an event, ascending by end, then start, and returns how many there are.</summary>
    /// <exception cref="InvalidOperationException">
    /// There are fewer than none or more than there may be, or a window is empty, does not hold the timestamp, or is
    /// there twice.
    /// </exception>
    public abstract int Assign(long timestampTicks, Span<TimeWindow> windows);

    private sealed class Adapter<TAssigner> : CustomWindows
        where TAssigner : struct, IWindowAssigner
    {
        private readonly TAssigner _assigner;

        public Adapter(TAssigner assigner) => _assigner = assigner;

        public override Type AssignerType => typeof(TAssigner);

        public override int MaxWindowsPerEvent => _assigner.MaxWindowsPerEvent;

        public override int Assign(long timestampTicks, Span<TimeWindow> windows)
        {
            // A window that the rule forgets to write must not be one of the event before.
            windows.Clear();
            var count = _assigner.Assign(timestampTicks, windows);
            if ((uint)count > (uint)windows.Length)
                ThrowCount(count, windows.Length, timestampTicks);
            for (var i = 0; i < count; i++)
            {
                var window = windows[i];
                if (window.StartTicks > timestampTicks || window.EndTicks <= timestampTicks)
                    ThrowOutside(window, timestampTicks);
                var place = i;
                while (place > 0 && TimeWindow.Compare(window, windows[place - 1]) < 0)
                {
                    windows[place] = windows[place - 1];
                    place--;
                }

                if (place > 0 && TimeWindow.Compare(window, windows[place - 1]) == 0)
                    ThrowTwice(window, timestampTicks);
                windows[place] = window;
            }

            return count;
        }

        private static void ThrowCount(int count, int most, long timestamp) => throw new InvalidOperationException(
            $"{typeof(TAssigner).Name} returned {count} windows for an event at {timestamp}; return 0 to {most}.");

        private static void ThrowTwice(in TimeWindow window, long timestamp) => throw new InvalidOperationException(
            $"{typeof(TAssigner).Name} assigned an event at {timestamp} to [{window.StartTicks}, {window.EndTicks}) "
            + "twice; return each window once.");

        private static void ThrowOutside(in TimeWindow window, long timestamp) => throw new InvalidOperationException(
            $"{typeof(TAssigner).Name} assigned an event at {timestamp} to [{window.StartTicks}, "
            + $"{window.EndTicks}), which does "
            + "not hold it; return windows that hold the timestamp.");
    }
}
