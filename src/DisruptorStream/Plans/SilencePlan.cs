using DisruptorStream.State;
using DisruptorStream.State.Sessions.Silences;
using DisruptorStream.Windows.Silences;

namespace DisruptorStream.Plans;

/// <summary>Silences: of each key the run of events before it is kept until the silence is over.</summary>
internal sealed class SilencePlan : WindowPlan
{
    private readonly SilenceWindows _windows;

    /// <param name="windows">The silences.</param>
    /// <param name="maxWindowsPerKey">Runs of one key at a time that the watermark has not passed.</param>
    public SilencePlan(SilenceWindows windows, int maxWindowsPerKey)
        : base(windows)
    {
        _windows = windows;
        MaxRecordsPerKey = (int)Math.Min(int.MaxValue, maxWindowsPerKey + 1L);
    }

    public override long ReachTicks => _windows.AfterTicks;

    public override bool AllowsLateness => false;

    public override string StoreName => "silences";

    public override string CountedAs => "runs";

    public override string CostPerEvent => "one accumulator for each event";

    /// <remarks>Also the run before the silence.</remarks>
    public override int MaxRecordsPerKey { get; }

    public override string LimitName => nameof(StreamProcessorOptions.MaxWindowsPerKey);

    public override WindowStateStore NewStore(StoreContext context) => new SilenceStore(context, _windows);
}
