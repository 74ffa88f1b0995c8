-------------------------------- MODULE SVG ---------------------------------
(***************************************************************************)
(* Pictures in the format SVG.  An element is a record with its name, a    *)
(* record of its attributes (all of them strings), a sequence of the       *)
(* elements within it and the text within it.  Native are SVGElemToString, *)
(* NodeOfRingNetwork, NodesOfDirectedMultiGraph and PointOnLine.           *)
(***************************************************************************)
LOCAL INSTANCE Naturals
LOCAL INSTANCE Sequences
LOCAL INSTANCE Integers
LOCAL INSTANCE TLC
LOCAL INSTANCE FiniteSets

SVGElem(_name, _attrs, _children, _innerText) ==
  [name |-> _name, attrs |-> _attrs, children |-> _children, innerText |-> _innerText]

(***************************************************************************)
(* The attributes that a shape has of its own, and the others given.  A    *)
(* function rather than @@: its arguments are ordered, and with them the   *)
(* attributes in the text.                                                 *)
(***************************************************************************)
LOCAL With(own, others) ==
  [a \in DOMAIN own \cup DOMAIN others |->
     IF a \in DOMAIN own THEN own[a] ELSE others[a]]

LOCAL Shape(name, own, others) == SVGElem(name, With(own, others), <<>>, "")
-----------------------------------------------------------------------------
Line(x1, y1, x2, y2, attrs) ==
  Shape("line",
        [x1 |-> ToString(x1), y1 |-> ToString(y1),
         x2 |-> ToString(x2), y2 |-> ToString(y2)],
        attrs)

Circle(cx, cy, r, attrs) ==
  Shape("circle", [cx |-> ToString(cx), cy |-> ToString(cy), r |-> ToString(r)], attrs)

Rect(x, y, w, h, attrs) ==
  Shape("rect",
        [x |-> ToString(x), y |-> ToString(y),
         width |-> ToString(w), height |-> ToString(h)],
        attrs)

Text(x, y, text, attrs) ==
  SVGElem("text", With([x |-> ToString(x), y |-> ToString(y)], attrs), <<>>, text)

Image(x, y, width, height, href, attrs) ==
  Shape("image",
        "xlink:href" :> href
          @@ [x |-> ToString(x), y |-> ToString(y),
              width |-> ToString(width), height |-> ToString(height)],
        attrs)

(***************************************************************************)
(* Elements taken together, a picture, and a picture that says which part  *)
(* of the plane it shows.                                                  *)
(***************************************************************************)
Group(children, attrs) == SVGElem("g", attrs, children, "")
Svg(children, attrs) == SVGElem("svg", attrs, children, "")

SVGDoc(children, vbX, vbY, vbW, vbH, attrs) ==
  LET box == ToString(vbX) \o " " \o ToString(vbY) \o " "
               \o ToString(vbW) \o " " \o ToString(vbH)
      own == "xmlns:xlink" :> "http://www.w3.org/1999/xlink"
               @@ "xmlns" :> "http://www.w3.org/2000/svg"
               @@ "viewBox" :> box
  IN  Svg(<<children>>, With(own, attrs))

(***************************************************************************)
(* The text of an element.                                                 *)
(***************************************************************************)
SVGElemToString(elem) == CHOOSE text : text \in STRING
-----------------------------------------------------------------------------
(***************************************************************************)
(* Places: of the n-th of m nodes on a circle with radius r around cx, cy; *)
(* of the nodes of a graph, laid out as options says; of the point that    *)
(* lies one segment-th of the way from one point to another.               *)
(***************************************************************************)
NodeOfRingNetwork(cx, cy, r, n, m) == CHOOSE point : point \in [x : Int, y : Int]

NodesOfDirectedMultiGraph(nodes, edges, options) ==
  CHOOSE place : place \in [nodes -> [x : Int, y : Int]]

PointOnLine(from, to, segment) ==
  LET Way(a, b) == a + ((b - a) \div segment)
  IN  [x |-> Way(from.x, to.x), y |-> Way(from.y, to.y)]
-----------------------------------------------------------------------------
(***************************************************************************)
(* Writes a picture to a file of its own, numbered with three digits.      *)
(***************************************************************************)
SVGSerialize(svg, frameNamePrefix, frameNumber) ==
  LET IO == INSTANCE IOUtils
      how == [format |-> "TXT",
              charset |-> "UTF-8",
              openOptions |-> <<"WRITE", "CREATE", "TRUNCATE_EXISTING">>]
  IN  IO!Serialize(SVGElemToString(svg),
                   frameNamePrefix \o IO!zeroPadN(frameNumber, 3) \o ".svg",
                   how)
=============================================================================
