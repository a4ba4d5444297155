using DisruptorStream.Windows;

namespace DisruptorStream.State.Sessions.Spans;

/// <summary>Windows by a user's rule.</summary>
internal sealed class CustomSpans : SpanRule
{
    private readonly CustomWindows _windows;

    public CustomSpans(CustomWindows windows) => _windows = windows;

    public override int MaxWindowsPerEvent => _windows.MaxWindowsPerEvent;

    public override bool IsTumbling => false;

    public override int Assign(int keyId, long time, Span<TimeWindow> windows) => _windows.Assign(time, windows);

    public override bool MayHave(int keyId, in TimeWindow window) => true;
}
