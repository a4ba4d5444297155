using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits;

/// <summary>Sliding windows from panes of one slide.</summary>
internal abstract class SlidingLimit : Limit
{
    protected SlidingLimit(Workload work)
        : base(work.SlideMilliseconds)
    {
        Panes = (int)(work.SizeMilliseconds / work.SlideMilliseconds);
        Keys = work.Keys;
    }

    /// <summary>In a window.</summary>
    protected int Panes { get; }

    protected int Keys { get; }

    /// <summary>The end of the pane that takes events, and of the window that it is the last of.</summary>
    protected long PaneEnd { get; private set; }

    /// <summary>The states of the pane that takes events, by key.</summary>
    protected abstract Span<Moments> Pane { get; }

    public override void Finish()
    {
        for (var pane = 0; pane < Panes; pane++)
            Slide();
    }

    protected static Moments[] NewStates(int count)
    {
        var states = new Moments[count];
        states.AsSpan().Fill(Moments.Empty);
        return states;
    }

    protected override void Run(ReadOnlySpan<InputEvent> events)
    {
        if (PaneEnd == 0)
            PaneEnd = End;
        while (PaneEnd < End)
            Slide();
        var pane = Pane;
        foreach (ref readonly var next in events)
            pane[next.Key].Add(next.Value);
    }

    /// <summary>The windows are emitted by the slides.</summary>
    protected override void Close()
    {
    }

    /// <summary>Emits the window that ends with the pane, and begins an empty pane.</summary>
    protected abstract void EmitAndAdvance();

    private void Slide()
    {
        EmitAndAdvance();
        PaneEnd += Size;
    }
}
