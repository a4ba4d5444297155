using DisruptorStream.Building;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Simulation.Processors;

/// <summary>What the queries of a simulated stream are: chance decides, from the seed.</summary>
internal sealed record SimulatedShape
{
    /// <summary>The query over the panes of another one.</summary>
    public const int Rolled = 7;

    /// <summary>The query that shows the best keys alone.</summary>
    public const int Best = 3;

    private const int WindowKinds = 4;
    private const int Sessions = 1;
    private const int QueryKinds = 8;

    // A calendar cuts hours and days: there a unit of time is as long as that an event seldom skips one.
    private static readonly TimeSpan CalendarUnitTime = TimeSpan.FromMinutes(20);
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    private readonly int[] _windows = new int[QueryKinds];
    private readonly bool[] _queries = new bool[QueryKinds];
    private readonly int _trigger;
    private readonly AccumulationMode _accumulation;

    /// <param name="random">Decides.</param>
    public SimulatedShape(Random random)
    {
        for (var query = 0; query < QueryKinds; query++)
        {
            _windows[query] = random.Next(WindowKinds);
            _queries[query] = random.Next(2) == 0;
        }

        _trigger = random.Next(5);
        _accumulation = (AccumulationMode)random.Next(3);
        Unit = random.Next(3) == 0 ? CalendarUnitTime : TimeSpan.FromTicks(1);
        HasKeyTimes = random.Next(4) == 0;
        HasEarlier = random.Next(2) == 0;

        // A session that a pane has joined to another one cannot be parted again.
        IncludesLate = random.Next(2) == 0 && _windows[Rolled] != Sessions;
        Guard = random.Next(3) == 0
            ? new JumpGuardOptions(100 * Unit)
            {
                Events = random.Next(1, 4),
                Key = random.Next(2) == 0 ? "tenant" : "user",
            }
            : null;
    }

    /// <summary>One unit of the times of the steps.</summary>
    public TimeSpan Unit { get; }

    /// <summary>What holds events that run far ahead; null for nothing.</summary>
    public JumpGuardOptions? Guard { get; }

    /// <summary>Whether one query goes by the time of each key.</summary>
    public bool HasKeyTimes { get; }

    /// <summary>Whether the query over panes compares them with earlier ones.</summary>
    public bool HasEarlier { get; }

    /// <summary>Whether the query over panes reads the late ones too.</summary>
    public bool IncludesLate { get; }

    /// <summary>
    /// How long a key may be idle. When one goes depends on the clock, and a key that comes again is a new one: among
    /// keys that are as good it then ranks behind those that it was before. So they all stay where they are ranked.
    /// </summary>
    public TimeSpan Retention => Has(Best) ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many keys there may be: more than there ever are. After a restart the idle time of each begins again, so
    /// they go later, and a limit that is met would drop other events than without the restart.
    /// </summary>
    public int MostKeys => Has(Best) ? 512 : 128;

    /// <summary>Whether a query is there.</summary>
    /// <param name="query">Which, from 0 on.</param>
    public bool Has(int query) => _queries[query];

    /// <summary>The windows of a query.</summary>
    public TStep WindowsOf<TStep>(int query, WindowingStep<TStep> step) => _windows[query] switch
    {
        0 => step.SlidingWindows(60 * Unit, 20 * Unit),
        Sessions => step.SessionWindows(25 * Unit),
        2 when Unit == CalendarUnitTime => step.CalendarWindows(CalendarUnit.Hour, Berlin, 6),
        _ => step.TumblingWindows(40 * Unit, offset: 7 * Unit),
    };

    /// <summary>When the windows of a query fire, and what their panes hold.</summary>
    public TStep Triggers<TStep, TKey>(TStep step)
        where TStep : WindowedStepBase<TStep, TKey>
        where TKey : notnull
    {
        step = step.AllowedLateness(30 * Unit).Accumulation(_accumulation);
        return _trigger switch
        {
            0 => step.Early(3),
            1 => step.Early(delay: 15 * Unit).Late(2),
            2 => step.Early(5).Late(10 * Unit),
            3 => step.LateNever(),
            _ => step,
        };
    }
}
