namespace DisruptorStream.Statistics;

/// <summary>A bag of doubles of fixed capacity that knows its k-th smallest: a treap over arrays.</summary>
/// <remarks>
/// Insertion, removal and selection in O(log n) on average, whatever the order of the values (Seidel and Aragon,
/// "Randomized search trees", 1996); the priorities come from a fixed generator, so runs are repeatable. Equal values
/// share a node. No allocation after construction.
/// </remarks>
internal sealed class OrderStatistics
{
    private readonly Node[] _nodes;
    private ulong _random = 0x9E3779B97F4A7C15;
    private int _root;
    private int _free;

    public OrderStatistics(int capacity)
    {
        // Node 0 stands for none.
        _nodes = new Node[capacity + 1];
        for (var index = 1; index < capacity; index++)
            _nodes[index].Left = index + 1;
        _free = 1;
    }

    public int Count => _nodes[_root].Size;

    public void Add(double value)
    {
        if (!TryCount(value, 1))
            _root = Insert(_root, value);
    }

    /// <summary>Removes one of a value that is there.</summary>
    public void Remove(double value)
    {
        if (!TryCount(value, -1))
            _root = Delete(_root, value);
    }

    /// <summary>The value of a rank, 0 for the smallest.</summary>
    public double Select(int rank)
    {
        var at = _root;
        while (true)
        {
            ref var node = ref _nodes[at];
            var below = _nodes[node.Left].Size;
            if (rank < below)
            {
                at = node.Left;
            }
            else if (rank < below + node.Copies)
            {
                return node.Value;
            }
            else
            {
                rank -= below + node.Copies;
                at = node.Right;
            }
        }
    }

    /// <summary>Changes the copies of a value that stays; false where it has to be inserted or deleted.</summary>
    private bool TryCount(double value, int change)
    {
        var at = _root;
        while (at != 0 && _nodes[at].Value != value)
            at = value < _nodes[at].Value ? _nodes[at].Left : _nodes[at].Right;
        if (at == 0 || _nodes[at].Copies + change == 0)
            return false;

        _nodes[at].Copies += change;
        for (var on = _root; ; on = value < _nodes[on].Value ? _nodes[on].Left : _nodes[on].Right)
        {
            _nodes[on].Size += change;
            if (on == at)
                return true;
        }
    }

    private int Insert(int at, double value)
    {
        if (at == 0)
            return NewNode(value);

        ref var node = ref _nodes[at];
        node.Size++;
        if (value < node.Value)
        {
            node.Left = Insert(node.Left, value);
            return _nodes[node.Left].Priority > node.Priority ? RotateRight(at) : at;
        }

        node.Right = Insert(node.Right, value);
        return _nodes[node.Right].Priority > node.Priority ? RotateLeft(at) : at;
    }

    private int Delete(int at, double value)
    {
        ref var node = ref _nodes[at];
        if (value == node.Value)
        {
            var merged = Join(node.Left, node.Right);
            node = new Node { Left = _free };
            _free = at;
            return merged;
        }

        node.Size--;
        if (value < node.Value)
            node.Left = Delete(node.Left, value);
        else
            node.Right = Delete(node.Right, value);
        return at;
    }

    private int Join(int left, int right)
    {
        if (left == 0 || right == 0)
            return left + right;

        if (_nodes[left].Priority > _nodes[right].Priority)
        {
            _nodes[left].Right = Join(_nodes[left].Right, right);
            Recount(left);
            return left;
        }

        _nodes[right].Left = Join(left, _nodes[right].Left);
        Recount(right);
        return right;
    }

    private int RotateRight(int at)
    {
        var left = _nodes[at].Left;
        _nodes[at].Left = _nodes[left].Right;
        _nodes[left].Right = at;
        Recount(at);
        Recount(left);
        return left;
    }

    private int RotateLeft(int at)
    {
        var right = _nodes[at].Right;
        _nodes[at].Right = _nodes[right].Left;
        _nodes[right].Left = at;
        Recount(at);
        Recount(right);
        return right;
    }

    private int NewNode(double value)
    {
        var at = _free;
        _free = _nodes[at].Left;
        _random ^= _random >> 12;
        _random ^= _random << 25;
        _random ^= _random >> 27;
        _nodes[at] = new Node { Value = value, Copies = 1, Size = 1, Priority = _random };
        return at;
    }

    private void Recount(int at)
    {
        ref var node = ref _nodes[at];
        node.Size = _nodes[node.Left].Size + node.Copies + _nodes[node.Right].Size;
    }

    private struct Node
    {
        public double Value;
        public ulong Priority;
        public int Left;
        public int Right;
        public int Copies;
        public int Size;
    }
}
