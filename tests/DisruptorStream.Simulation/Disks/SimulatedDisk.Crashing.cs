namespace DisruptorStream.Simulation.Disks;

/// <content>Crashes, damage, and what tests look at.</content>
internal sealed partial class SimulatedDisk
{
    private long _crashAt;
    private CrashMoment _crashMoment;
    private bool _isDown;

    /// <summary>Called before each call, on its thread; may throw a <see cref="SimulatedCrashException"/>.</summary>
    public Action<DiskCall>? Before { get; set; }

    /// <summary>Called after each call that went well, on its thread; may throw as <see cref="Before"/> may.</summary>
    public Action<DiskCall>? After { get; set; }

    /// <summary>
    /// Makes a later call throw a <see cref="SimulatedCrashException"/>, and all calls after it, until the test says
    /// what crashed: <see cref="Crash"/> or <see cref="CrashProcess"/>.
    /// </summary>
    /// <param name="operation">Which call: <see cref="Operations"/> + 1 is the next one.</param>
    /// <param name="moment">When in it.</param>
    public void CrashAt(long operation, CrashMoment moment)
    {
        _crashAt = operation;
        _crashMoment = moment;
    }

    /// <summary>A power cut. What was not synced is there, or not, or in part; what was synced is there.</summary>
    /// <param name="random">Decides; the disk's own, where it is null.</param>
    public void Crash(Random? random = null)
    {
        lock (_gate)
        {
            var chance = random ?? _random;
            var nodes = new SortedDictionary<int, DiskNode>();
            foreach (var directory in _directories.Values)
            {
                directory.CutPower(chance);
                foreach (var node in directory.Names.Values)
                    nodes[node.Id] = node;
            }

            foreach (var node in nodes.Values)
                node.CutPower(chance);
            Restart();
        }
    }

    /// <summary>The process ends, and the machine goes on: what is in the cache stays, synced or not.</summary>
    public void CrashProcess()
    {
        lock (_gate)
            Restart();
    }

    /// <summary>Changes a bit of a file on the disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bit">8 × the place of the byte + the place of the bit in it, from the lowest on.</param>
    public void Flip(string path, long bit)
    {
        lock (_gate)
        {
            var node = NodeAt(Normalize(path)) ?? throw DiskErrors.NoFile(path);
            ArgumentOutOfRangeException.ThrowIfNegative(bit);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bit, node.Length * 8);
            node.Flip(bit);
        }
    }

    /// <summary>Makes a file shorter or longer, on the disk too; it is no call and is not counted.</summary>
    public void Truncate(string path, long length)
    {
        lock (_gate)
        {
            var node = NodeAt(Normalize(path)) ?? throw DiskErrors.NoFile(path);
            node.SetLength(length);
            node.Sync();
        }
    }

    /// <summary>The bytes of a file as those who read it see them; it is no call and is not counted.</summary>
    public byte[] BytesOf(string path)
    {
        lock (_gate)
        {
            var node = NodeAt(Normalize(path)) ?? throw DiskErrors.NoFile(path);
            var bytes = new byte[node.Length];
            node.Read(0, bytes);
            return bytes;
        }
    }

    /// <summary>Puts a file on the disk, name and bytes durable, in place of one that is there.</summary>
    public void Put(string path, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            var whole = Normalize(path);
            var node = NodeAt(whole) ?? AddFile(whole);
            node.SetLength(0);
            node.Write(0, bytes);
            node.Sync();
            ParentOf(whole).Sync();
        }
    }

    /// <summary>The whole paths of all files that are seen, in order.</summary>
    public IReadOnlyList<string> Paths()
    {
        lock (_gate)
        {
            return [.. _directories.SelectMany(
                directory => directory.Value.Names.Keys.Select(name => Path.Combine(directory.Key, name)))];
        }
    }

    /// <exception cref="SimulatedCrashException">The disk has crashed, and nobody has restarted it.</exception>
    public void ThrowIfDown()
    {
        if (Volatile.Read(ref _isDown))
            throw new SimulatedCrashException("The simulated machine is down; call Crash or CrashProcess.");
    }

    private void Restart()
    {
        _locks.Clear();
        _crashAt = 0;
        Crashes++;
        Volatile.Write(ref _isDown, false);
    }

    private void Run(DiskOperation operation, string path, long offset, long lengthBytes, Action<DiskFault> body)
    {
        ThrowIfDown();
        DiskCall call;
        DiskFault fault;
        bool isCrash;
        lock (_gate)
        {
            _counts[(int)operation]++;
            call = new DiskCall(++Operations, operation, path, offset, lengthBytes);
            isCrash = call.Number == _crashAt;
            fault = Faults.Next(operation, _random);
        }

        try
        {
            Before?.Invoke(call);
            lock (_gate)
                Do(call, isCrash, fault, body);
            After?.Invoke(call);
        }
        catch (SimulatedCrashException)
        {
            Volatile.Write(ref _isDown, true);
            throw;
        }
    }

    private void Do(in DiskCall call, bool isCrash, DiskFault fault, Action<DiskFault> body)
    {
        if (isCrash)
        {
            DoBeforeCrash(call, body);
            throw new SimulatedCrashException($"Crash at call {call.Number}: {call.Operation} of '{call.Path}'.");
        }

        var hasPart = call.Operation == DiskOperation.Sync
            || (call.Operation == DiskOperation.Write && fault is DiskFault.Short or DiskFault.NoSpace);
        if (fault == DiskFault.None || hasPart)
            body(fault);
        if (fault != DiskFault.None)
            throw DiskErrors.Of(fault, call);
    }

    private void DoBeforeCrash(in DiskCall call, Action<DiskFault> body)
    {
        var isPartial = call.Operation is DiskOperation.Write or DiskOperation.Sync;
        try
        {
            if (_crashMoment == CrashMoment.After)
                body(DiskFault.None);
            else if (_crashMoment == CrashMoment.During && (isPartial || _random.Next(2) == 0))
                body(DiskFault.Cut);
        }
        catch (IOException)
        {
            // Nobody hears of an error any more.
        }
    }
}
