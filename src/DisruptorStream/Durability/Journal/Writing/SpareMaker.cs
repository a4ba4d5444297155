namespace DisruptorStream.Durability.Journal.Writing;

/// <summary>Makes spare segments ahead, on a thread of its own or by hand.</summary>
internal sealed class SpareMaker : IDisposable
{
    // How long it waits after a failure: a full disk stays full for a while.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly SpareSegments _spares;
    private readonly AutoResetEvent _wanted = new(initialState: true);
    private Thread? _thread;
    private bool _isStopping;

    public SpareMaker(SpareSegments spares) => _spares = spares;

    /// <summary>Starts the thread.</summary>
    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "disruptorstream-journal-spares" };
        _thread.Start();
    }

    /// <summary>Makes a spare where one is wanted.</summary>
    /// <returns>Whether it made one: false where none is wanted, or where it failed.</returns>
    public bool Step() => _spares.Step();

    /// <summary>One was taken.</summary>
    public void Wake() => _wanted.Set();

    /// <summary>Stops the thread once it has made what it is at.</summary>
    public void Dispose()
    {
        // Pairs with the read in Run.
        Volatile.Write(ref _isStopping, true);
        _wanted.Set();
        _thread?.Join();
        _wanted.Dispose();
    }

    private void Run()
    {
        // Pairs with the write in Dispose.
        while (!Volatile.Read(ref _isStopping))
        {
            if (_spares.Step())
                continue;
            if (_spares.IsShort)
                _wanted.WaitOne(RetryAfter);
            else
                _wanted.WaitOne();
        }
    }
}
