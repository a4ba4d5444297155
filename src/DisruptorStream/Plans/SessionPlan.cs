using DisruptorStream.State;
using DisruptorStream.State.Sessions;
using DisruptorStream.State.Sessions.Clocks;
using DisruptorStream.Windows;

namespace DisruptorStream.Plans;

/// <summary>Sessions, each with state of its own.</summary>
internal sealed class SessionPlan : WindowPlan
{
    private readonly long _gapTicks;

    /// <param name="windows">The sessions.</param>
    /// <param name="maxWindowsPerKey">Sessions of one key at a time.</param>
    public SessionPlan(GapWindows windows, int maxWindowsPerKey)
        : base(windows)
    {
        _gapTicks = windows.GapTicks;
        MaxRecordsPerKey = maxWindowsPerKey;
    }

    public override long ReachTicks => _gapTicks;

    public override string StoreName => "sessions";

    public override string CountedAs => "sessions";

    public override string CostPerEvent => "one accumulator for each event";

    public override int MaxRecordsPerKey { get; }

    public override string LimitName => nameof(StreamProcessorOptions.MaxWindowsPerKey);

    public override WindowStateStore NewStore(StoreContext context) => context.KeyTime is { } time
        ? KeyTimeStore.OfSessions(context, time, _gapTicks)
        : new SessionStore(context, _gapTicks);
}
