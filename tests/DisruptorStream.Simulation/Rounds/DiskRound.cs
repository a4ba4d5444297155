using DisruptorStream.Durability.Files;
using DisruptorStream.Simulation.Disks;

namespace DisruptorStream.Simulation.Rounds;

/// <summary>
/// Checks the disk of the simulation itself: whatever crashes, what was synced stays, and what was not is made of bytes
/// that were written.
/// </summary>
internal sealed class DiskRound
{
    private const string Folder = "/disk";
    private const int Steps = 60;
    private const int MostBytes = 3 * DiskNode.PageBytes;

    private readonly Random _random;
    private readonly SimulatedDisk _disk;
    private readonly SortedDictionary<string, Contents> _names = new(StringComparer.Ordinal);
    private SortedDictionary<string, Contents> _syncedNames = new(StringComparer.Ordinal);
    private HashSet<string> _touched = new(StringComparer.Ordinal);

    private DiskRound(int seed)
    {
        _random = new Random(seed);
        _disk = new SimulatedDisk(seed);
        _disk.CreateDirectory(Folder);
    }

    /// <summary>Runs a round.</summary>
    /// <param name="seed">Decides all that chance decides.</param>
    /// <returns>A hash of what the disk holds at the end: the same for the same seed.</returns>
    /// <exception cref="RoundException">The disk broke a promise.</exception>
    public static int Run(int seed)
    {
        var round = new DiskRound(seed);
        for (var crash = 0; crash < 4; crash++)
        {
            for (var step = 0; step < Steps; step++)
                round.Step();
            var isPowerCut = round._random.Next(3) > 0;
            if (isPowerCut)
                round._disk.Crash(round._random);
            else
                round._disk.CrashProcess();
            round.Check(isPowerCut);
        }

        return round.Hash();
    }

    private void Step()
    {
        var path = $"{Folder}/{(char)('a' + _random.Next(4))}";
        var isThere = _names.TryGetValue(path, out var contents);
        switch (_random.Next(8))
        {
            case 0 when !isThere:
                _disk.Create(path).Dispose();
                Touch(path, new Contents());
                break;
            case 1 when isThere && _random.Next(3) == 0:
                _disk.Delete(path);
                Touch(path, null);
                break;
            case 2 when isThere:
                var to = $"{Folder}/{(char)('a' + _random.Next(4))}";
                _disk.Rename(path, to);
                if (to != path)
                {
                    Touch(path, null);
                    Touch(to, contents);
                }

                break;
            case 3:
                _disk.SyncDirectory(Folder);
                _syncedNames = new SortedDictionary<string, Contents>(_names, StringComparer.Ordinal);
                _touched = new HashSet<string>(StringComparer.Ordinal);
                break;
            case >= 4 when isThere:
                using (var file = _disk.Open(path))
                    Change(file, contents!);
                break;
        }
    }

    private void Touch(string path, Contents? contents)
    {
        _touched.Add(path);
        if (contents is null)
            _names.Remove(path);
        else
            _names[path] = contents;
    }

    private void Change(IFile file, Contents contents)
    {
        switch (_random.Next(4))
        {
            case 0:
                file.Sync();
                contents.Sync();
                break;
            case 1:
                var length = _random.Next(MostBytes);
                file.SetLength(length);
                contents.SetLength(length);
                break;
            default:
                var bytes = new byte[_random.Next(1, 6000)];
                _random.NextBytes(bytes);
                var offset = _random.Next(MostBytes);
                file.Write(offset, bytes);
                contents.Write(offset, bytes);
                break;
        }
    }

    private void Check(bool isPowerCut)
    {
        foreach (var (path, contents) in isPowerCut ? _syncedNames : _names)
        {
            if (isPowerCut && _touched.Contains(path))
                continue;
            RoundException.ThrowUnless(_disk.Paths().Contains(path), $"'{path}' was synced and is lost.");
            var found = _disk.BytesOf(path);
            if (isPowerCut)
                contents.ThrowUnlessPossible(path, found);
            else
                RoundException.ThrowUnless(found.AsSpan().SequenceEqual(contents.Newest), $"'{path}' changed.");
        }

        if (isPowerCut)
            Restart();
    }

    /// <summary>What a machine finds is on its disk.</summary>
    private void Restart()
    {
        _names.Clear();
        foreach (var path in _disk.Paths())
            _names.Add(path, new Contents(_disk.BytesOf(path)));
        _syncedNames = new SortedDictionary<string, Contents>(_names, StringComparer.Ordinal);
        _touched.Clear();
    }

    private int Hash()
    {
        var hash = 17;
        foreach (var path in _disk.Paths())
        {
            foreach (var value in _disk.BytesOf(path).AsSpan())
                hash = unchecked((hash * 31) + value);
            hash = unchecked((hash * 31) + path[^1]);
        }

        return hash;
    }

    /// <summary>All that a file has held since its last sync.</summary>
    private sealed class Contents
    {
        private readonly List<byte[]> _versions;

        public Contents(byte[]? bytes = null) => _versions = [bytes ?? []];

        public byte[] Newest => _versions[^1];

        public void Sync() => _versions.RemoveRange(0, _versions.Count - 1);

        public void SetLength(int length)
        {
            var next = new byte[length];
            Newest.AsSpan(0, Math.Min(length, Newest.Length)).CopyTo(next);
            _versions.Add(next);
        }

        public void Write(int offset, byte[] bytes)
        {
            SetLength(Math.Max(Newest.Length, offset + bytes.Length));
            bytes.CopyTo(Newest, offset);
        }

        public void ThrowUnlessPossible(string path, byte[] found)
        {
            RoundException.ThrowUnless(
                _versions.Exists(version => version.Length == found.Length),
                $"'{path}' has {found.Length} bytes, and never had since it was synced.");
            for (var i = 0; i < found.Length; i++)
            {
                var isPossible = false;
                foreach (var version in _versions)
                    isPossible |= (i < version.Length ? version[i] : 0) == found[i];
                RoundException.ThrowUnless(isPossible, $"Byte {i} of '{path}' never was {found[i]} since its sync.");
            }
        }
    }
}
